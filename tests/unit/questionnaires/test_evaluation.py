"""What a response amounts to: asked, missing, expected, totals, progress, explanations, last year."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.returns.classification import classification
from mapping.returns.workflow import Progress
from questionnaires.answer_types import Invalid
from questionnaires.evaluation import EXPECTED, Context, carried_forward, evaluate, main_rows
from tests.unit.questionnaires.helpers import YEAR, cells, made_of, number, service, small, trust

CONTEXT = Context(year=YEAR)
BANDS = {
    "key": "T2",
    "label": "Bands",
    "type": "table",
    "rows": {"a": "A", "b": "B"},
    "columns": [{"key": "n", "label": "N", "type": "whole_number"}],
    "rules": [{"id": "GH3", "severity": "hard", "check": "parts_equal", "total": "T1"}],
}
PLACES = {
    "key": "T1",
    "label": "Places",
    "type": "rows",
    "mandatory": "yes",
    "columns": [
        {"key": "name", "label": "Name", "type": "text"},
        {"key": "days", "label": "Days", "type": "dec2", "mandatory": "no"},
    ],
}
ENTRY = {
    "name": "Family team",
    "category": "15",
    "sector": "inhouse",
    "provider": "E08000009",
    "lead_organisation": "E08000009",
    "status": "open",
    "is_zero_cost": False,
}


def of(questionnaire, answers, explanations=None, **context):
    return evaluate(questionnaire, answers, Context(year=YEAR, **context), explanations)


def test_mandatory_question_is_missing_until_it_has_a_value_or_a_special_answer():
    questionnaire = small(number("T1", mandatory="yes"), number("T2"))

    assert of(questionnaire, {}).missing == ("T1",)
    assert of(questionnaire, {"T1": {"v": 0}}).missing == ()
    assert of(questionnaire, {"T1": {"s": "NC"}}).progress == Progress.COMPLETE


def test_expected_question_left_blank_is_listed_and_holds_nothing():
    evaluation = of(
        small(number("T1", mandatory="yes"), number("T2", mandatory="expected")), {"T1": {"v": 1}}
    )

    (problem,) = evaluation.problems
    assert (problem.rule, problem.severity, problem.cells) == ("EXPECTED", "soft", ("T2",))
    assert not problem.reason_wanted and not problem.is_open
    assert evaluation.progress == Progress.COMPLETE


@pytest.mark.parametrize(
    ("need", "answers", "missing", "expected"),
    [
        ("yes", {}, ("T2|a|n", "T2|b|n"), ()),
        ("expected", {}, (), ("T2|a|n", "T2|b|n")),
        ("no", {}, (), ()),
        ("no", {"T2|a|n": {"v": 3}}, ("T2|b|n",), ()),
        ("expected", {"T2|a|n": {"s": "NK"}}, ("T2|b|n",), ()),
        ("yes", {"T2|a|n": {"v": 3}, "T2|b|n": {"v": 0}}, (), ()),
    ],
)
def test_blanks_of_a_started_breakdown_are_missing(need, answers, missing, expected):
    evaluation = of(small(number("T1"), BANDS | {"mandatory": need}), {"T1": {"v": 3}} | answers)

    assert evaluation.missing == missing
    assert [problem.cells for problem in evaluation.problems if problem.rule == "EXPECTED"] == [
        expected
    ] * bool(expected)


@pytest.mark.parametrize("total", [{"v": 0}, {"s": "NK"}])
def test_breakdown_of_nothing_need_not_be_started(total):
    evaluation = of(small(number("T1"), BANDS | {"mandatory": "yes"}), {"T1": total})

    assert evaluation.progress == Progress.COMPLETE


def test_breakdown_of_all_figures_of_a_table_adds_up_to_them():
    pupils = BANDS | {
        "key": "T1",
        "columns": [
            {"key": "whole", "label": "Full-time", "type": "whole_number"},
            {"key": "half", "label": "Part-time", "type": "whole_number"},
            {"key": "named", "label": "Named", "type": "text"},
        ],
        "rules": [],
    }
    parts = BANDS | {"rules": [BANDS["rules"][0] | {"total": "T1|*|*"}], "mandatory": "yes"}
    questionnaire = small(pupils, parts)
    answers = cells({"T1|a|whole": 3, "T1|b|half": 2, "T1|a|named": "X"}, prefix="")
    right, wrong = (cells({"T2|a|n": number, "T2|b|n": 1}, prefix="") for number in (4, 5))

    assert of(questionnaire, answers | right).problems == ()
    (problem,) = of(questionnaire, answers | wrong).problems
    assert problem.message == "These add up to 6, 1 too many for the 5 bands in all (T1)."
    unknown = {"T1|b|whole": {"s": "NK"}}
    assert of(questionnaire, answers | unknown | wrong).problems == ()
    assert of(questionnaire, {"T1|a|whole": {"v": 0}}).missing == ()


@pytest.mark.parametrize(
    ("total", "answers", "whole"),
    [
        ("T1|*|n", {"T1|a|n": 3, "T1|b|n": 4}, 7),
        ("T1|*|*", {"T1|a|n": 3, "T1|b|n": 4, "T1|a|m": 5}, 12),
        ("T1|a|n", {"T1|a|n": 3, "T1|b|n": 4}, 3),
        ("T1|a|n", {"T1|b|n": 4}, None),
        ("T1|*|n", {}, None),
    ],
)
def test_a_breakdown_knows_the_cell_or_sum_that_it_has_to_come_to(total, answers, whole):
    columns = [{"key": key, "label": key, "type": "whole_number"} for key in ("n", "m")]
    table = BANDS | {"key": "T1", "columns": columns, "rules": []}
    parts = BANDS | {"rules": [BANDS["rules"][0] | {"total": total}]}

    found = of(small(table, parts), cells(answers, prefix=""))

    assert found.wholes == ({} if whole is None else {"T2": whole})


def test_a_breakdown_may_be_of_one_figure_less_another():
    parts = BANDS | {"rules": [BANDS["rules"][0] | {"less": "T3"}]}
    questionnaire = small(number("T1"), number("T3"), parts)

    assert of(questionnaire, {"T1": {"v": 9}, "T3": {"v": 2}}).wholes == {"T2": 7}
    assert of(questionnaire, {"T1": {"v": 9}, "T3": {"s": "NK"}}).wholes == {}


def test_a_cell_without_a_purpose_is_unneeded_until_it_is_answered():
    plan = {
        "key": "T1",
        "label": "Strategies",
        "type": "table",
        "mandatory": "yes",
        "rows": {"a": "A", "b": "B"},
        "columns": [
            {"key": "is", "label": "Is there one?", "type": "yn"},
            {"key": "year", "label": "Year", "type": "year"}
            | {"needed_when": {"row": "same", "column": "is", "is": "yes"}},
        ],
    }
    questionnaire = small(plan)

    assert of(questionnaire, {"T1|a|is": {"v": "yes"}}).unneeded == {"T1|b|year"}
    assert of(questionnaire, {"T1|b|year": {"v": 2008}}).unneeded == {"T1|a|year"}


def test_repeatable_rows_need_one_row_and_in_it_what_is_mandatory():
    questionnaire = small(PLACES)

    assert of(questionnaire, {}).missing == ("T1",)
    assert of(questionnaire, {"T1|r2|days": {"v": "2.00"}}).missing == ("T1|r2|name",)
    assert of(questionnaire, {"T1|r2|name": {"v": "Hall"}}).missing == ()


def test_table_may_be_needed_only_in_started_rows():
    staff = BANDS | {"key": "T1", "rules": (), "mandatory": "yes", "rows_needed": "started"}
    staff["columns"] = [*staff["columns"], {"key": "m", "label": "M", "type": "whole_number"}]
    del staff["rules"]

    assert of(small(staff), {}).missing == ("T1",)
    assert of(small(staff), {"T1|a|n": {"v": 1}}).missing == ("T1|a|m",)


def test_cell_may_be_needed_only_under_a_condition_in_its_row():
    table = {
        "key": "T1",
        "label": "T",
        "type": "table",
        "mandatory": "yes",
        "rows": {"a": "A", "b": "B"},
        "columns": [
            {"key": "on", "label": "On", "type": "yn"},
            {"key": "form", "label": "Form", "type": "text", "needed_when": {"column": "on", "is": "yes"}},
        ],
    }

    assert of(small(table), {"T1|a|on": {"v": "yes"}, "T1|b|on": {"v": "no"}}).missing == ("T1|a|form",)


def test_hard_problem_holds_the_response_and_a_soft_one_until_it_is_explained():
    rule = {"id": "R1", "severity": "soft", "check": "at_most", "of": "T1"}
    questionnaire = small(number("T1"), number("T2", rules=[rule]))
    answers = {"T1": {"v": 1}, "T2": {"v": 2}}

    (problem,) = of(questionnaire, answers).problems
    explained = {problem.key: problem.given_for}

    assert problem.key == ("R1", "T2")
    assert of(questionnaire, answers).progress == Progress.IN_PROGRESS
    assert of(questionnaire, answers, explained).progress == Progress.COMPLETE
    assert of(questionnaire, answers | {"T2": {"v": 3}}, explained).progress == Progress.IN_PROGRESS
    hard = small(number("T1"), number("T2", rules=[rule | {"severity": "hard"}]))
    assert of(hard, answers, explained).progress == Progress.IN_PROGRESS


def test_carried_answer_holds_the_response_until_it_is_confirmed():
    questionnaire = small(number("T1", mandatory="yes"))

    carried = of(questionnaire, {"T1": {"v": 1}}, unconfirmed=frozenset({"T1"}))

    assert carried.missing == ()
    assert carried.unconfirmed == ("T1",)
    assert carried.progress == Progress.NOT_STARTED
    assert of(questionnaire, {"T1": {"v": 1}}).progress == Progress.COMPLETE


def test_section_states_count_questions_cells_and_problems():
    rule = {"id": "R1", "severity": "hard", "check": "at_most", "of": "T1"}
    questionnaire = small(
        number("T1", mandatory="yes"), BANDS | {"mandatory": "yes"}, number("T3", rules=[rule])
    )

    state = of(questionnaire, {"T1": {"v": 1}, "T3": {"v": 2}}).sections["A"]

    assert (state.progress, state.answered, state.mandatory, state.missing, state.hard, state.soft_open) == (
        Progress.IN_PROGRESS,
        1,
        2,
        2,
        1,
        0,
    )


def test_total_and_computed_figure_add_up_what_is_there():
    computed = {"key": "T3", "label": "Sum", "type": "computed", "formula": "T2|*|n"}
    questionnaire = small(number("T1"), BANDS, computed)

    assert of(questionnaire, {"T2|a|n": {"v": 3}, "T2|b|n": {"s": "NK"}}).totals == {"T2|total|n": 3, "T3": 3}
    assert of(questionnaire, {}).totals == {}


def test_closed_service_owes_only_when_it_closed():
    closed = ENTRY | {"status": "closed", "status_date": "2009-06-01"}

    evaluation = of(service(), {}, entry=closed)

    assert evaluation.missing == ()
    assert evaluation.progress == Progress.COMPLETE
    assert of(service(), {}, entry=ENTRY | {"status": "closed"}).missing == ("SVC-A13",)
    assert of(service(), {}, entry=ENTRY | {"status": "merged", "status_date": "2009-06-01"}).missing == (
        "SVC-A12",
    )


def test_short_form_asks_mandatory_questions_and_totals_only():
    questionnaire = service()

    asked = of(questionnaire, {}, form="short", entry=ENTRY).asked

    needs = {questionnaire.question(code).mandatory for code in asked if code != "SVC-E02"}
    assert needs == {"yes"}
    assert len(asked) < len(of(questionnaire, {}, entry=ENTRY).asked)


def test_activity_is_only_expected_where_it_is_hard_to_collect():
    categories = classification().categories
    hard = next(category for category in categories.values() if category.activity_is_expected_only)
    easy = next(category for category in categories.values() if not category.activity_is_expected_only)

    assert "SVC-F00" not in of(service(), {}, category=hard).missing
    assert "SVC-F00" in of(service(), {}, category=easy).missing


def test_service_for_completeness_is_asked_neither_staff_nor_cost():
    asked = of(service(), {}, entry=ENTRY | {"is_zero_cost": True}).asked

    assert not {"SVC-E01", "SVC-E02", "SVC-G01", "SVC-G05"} & set(asked)
    assert "SVC-E06" in asked


@pytest.mark.parametrize("is_zero_cost", [True, False])
def test_workforce_of_a_service_for_completeness_may_be_left_blank(is_zero_cost):
    evaluation = of(service(), {}, entry=ENTRY | {"is_zero_cost": is_zero_cost})

    expected = {problem.question for problem in evaluation.problems if problem.rule == EXPECTED}
    assert (expected & {"SVC-E08", "SVC-E09", "SVC-E10"} == set()) is is_zero_cost
    assert {"SVC-E08", "SVC-E09", "SVC-E10"} <= set(evaluation.asked)


@pytest.mark.parametrize("code", ["SVC-A11", "SVC-F00", "CAM01", "EYS01"])
def test_mandatory_questions_do_not_hang_on_an_answer_that_is_not_known(code):
    assert service().question(code).specials == ()


@pytest.mark.parametrize(
    ("listed", "show", "missing"),
    [("no", "no", []), ("no_address", "no", []), ("no", "yes", ["postcode"]), ("yes", "no", ["postcode"])],
)
def test_private_address_need_not_be_given(listed, show, missing):
    place = {"name": "Refuge", "address": "Hall", "setting": "res", "days": "7.00", "show": show}
    answers = {f"SVC-D01|r1|{column}": {"v": value} for column, value in place.items()}

    blank = of(service(), answers | {"SVC-A23": {"v": listed}}, entry=ENTRY).missing
    assert [cell.rpartition("|")[2] for cell in blank if cell.startswith("SVC-D01|")] == missing


def test_end_of_an_agreement_may_be_left_blank():
    answers = {"SVC-G01|r1|model": {"v": "PM4"}}

    evaluation = of(service(), answers, entry=ENTRY)
    assert "SVC-G03||date" in [cell.id for cell in evaluation.asked["SVC-G03"]]
    assert not [cell for cell in evaluation.missing if cell.startswith("SVC-G03")]


def test_foster_carers_are_counted_in_people_only():
    row = [cell.column for cell in service().cells("SVC-E01") if cell.row == "sc_fc"]

    assert row == ["heads", "emp"]


def test_whole_service_questionnaire_can_be_completed():
    answers = cells(
        {
            "A03": ["15.01"],
            "A23": "no",
            "B01": "targeted",
            "B03": 0,
            "B04": 11,
            "B08": "ECM2",
            "C01": ["self"],
            "D01|r1|name": "Hall",
            "D01|r1|address": "1 Road",
            "D01|r1|postcode": "M32 0TH",
            "D02": ["home"],
            "D03": ["E08000009"],
            "E01|sc_fsw|wte": "4.00",
            "E01|sc_fsw|heads": 5,
            "E01|sc_fsw|vac": "0.00",
            "F00": "no",
            "F20": "system",
            "G01|r1|payer": "E08000009",
            "G01|r1|share": "100.0",
            "G01|r1|model": "PM0",
            "G02": "no",
            "Z01": "Manager",
            "Z02": "yes",
        }
    )

    answers |= {"FAM01": {"v": "outreach"}}  # the module of category 15

    evaluation = of(service(), answers, entry=ENTRY, category=classification().categories["15"])

    assert evaluation.missing == ()
    assert evaluation.progress == Progress.COMPLETE
    assert evaluation.totals["SVC-E02"] == Decimal("4.00")
    assert evaluation.answered == evaluation.mandatory


def test_prefilled_answers_are_carried_and_others_are_not():
    last = cells(
        {
            "A14": "Manager",
            "A20": ["evenings", "gone"],
            "B05": "NK!",
            "C03": "gone",
            "F01": 12,
            "C06": "yes",
            "A01": "Name",
            "D01|r1|name": "Hall",
        }
    )

    carried = carried_forward(service(), last)

    assert carried == cells({"A14": "Manager", "A20": ["evenings"], "D01|r1|name": "Hall"})


def test_carried_table_leaves_out_rows_that_are_no_longer_asked():
    last = {"CTQB2|b01|on": {"v": "yes"}, "CTQB2|b09|on": {"v": "yes"}}

    assert carried_forward(trust(), last) == {"CTQB2|b01|on": {"v": "yes"}}


def test_staff_groups_of_the_category_and_those_in_use_are_shown_at_once():
    question = service().question("SVC-E01")

    main, more = main_rows(
        question, SimpleNamespace(staff_groups=("nu_hv",)), {"SVC-E01|md_con|wte": {"v": "1.00"}}
    )

    assert [row.key for row in main] == ["md_con", "nu_hv"]
    assert len(main) + len(more) == len(question.rows)
    assert main_rows(question, None, {}) == (question.rows, ())


def typed():
    """Any text, or one that is likely to be an answer."""
    likely = [
        "yes",
        "no",
        "NK",
        "NC",
        "0",
        "7",
        "120",
        "99.5",
        "M32 0TH",
        "2009-11-30",
        "09:00",
        "PM0",
        "head",
        "E1",
    ]
    return st.one_of(st.sampled_from(likely), st.text(max_size=12))


@pytest.mark.parametrize("questionnaire", [service(), trust()], ids=["service", "trust"])
@given(data=st.data())
def test_random_answers_are_never_lost_and_never_crash(questionnaire, data):
    everything = [cell for code in questionnaire.questions for cell in questionnaire.cells(code)]
    chosen = data.draw(st.lists(st.sampled_from(everything), max_size=40))
    answers = {}
    for cell in chosen:
        try:
            value = cell.field.kind.parse(data.draw(typed()), cell.field)
        except Invalid:
            continue
        if value is not None:
            answers[cell.id] = cell.field.kind.stored(value)
    before = {cell: dict(stored) for cell, stored in answers.items()}

    evaluation = of(questionnaire, answers, last_year=answers, entry=ENTRY)

    assert answers == before
    assert set(evaluation.missing).isdisjoint(answers)
    assert {cell for problem in evaluation.problems for cell in problem.cells}.isdisjoint({""})
    assert evaluation.answered <= evaluation.mandatory


def test_section_whose_condition_fails_is_neither_asked_nor_counted():
    choice = {"key": "T1", "label": "Category", "type": "text"}
    own = {"key": "B", "title": "B", "when": {"question": "T1", "is": "08"}}
    questionnaire = made_of(
        {"key": "A", "title": "A", "questions": [choice]},
        own | {"questions": [number("T2", mandatory="yes")]},
    )

    asked = of(questionnaire, {"T1": {"v": "08"}, "T2": {"v": 1}})
    other = of(questionnaire, {"T1": {"v": "09"}, "T2": {"v": 1}})

    assert (list(asked.sections), asked.mandatory) == (["A", "B"], 1)
    assert (list(other.sections), other.mandatory, list(other.asked)) == (["A"], 0, ["T1"])


RATIO = {"key": "T9", "label": "Each 1,000", "type": "computed"} | {
    "ratio": {"of": "T2|*|n", "per": "T1", "times": 1000}
}


@pytest.mark.parametrize(
    ("answers", "figure"),
    [
        ({"T1": {"v": 300}, "T2|a|n": {"v": 1}, "T2|b|n": {"v": 1}}, Decimal("6.67")),
        ({"T1": {"v": 0}, "T2|a|n": {"v": 1}}, None),
        ({"T1": {"s": "NK"}, "T2|a|n": {"v": 1}}, None),
        ({"T1": {"v": 300}}, None),
    ],
)
def test_ratio_is_worked_out_once_both_sides_are_known(answers, figure):
    questionnaire = small(number("T1"), BANDS | {"rules": []}, RATIO)

    assert of(questionnaire, answers).totals.get("T9") == figure


def test_ratio_is_compared_with_that_of_last_year():
    shown = RATIO | {"ratio": {"of": "T2|*|n", "per": "T1"}, "last_year": "shown"}
    questionnaire = small(number("T1"), BANDS | {"rules": []}, shown)
    now, before = ({"T1": {"v": 1}, "T2|a|n": {"v": figure}} for figure in (90, 10))

    (problem,) = of(questionnaire, now, last_year=before).problems

    assert (problem.rule, problem.cells) == ("GS1", ("T9",))


STAFF = {
    "key": "T1",
    "label": "Staff",
    "type": "table",
    "last_year": "shown",
    "columns": [
        {"key": "in_post", "label": "In post", "type": "dec2", "unit": "WTE"},
        {"key": "agency", "label": "Agency", "type": "dec2", "unit": "WTE"},
        {"key": "since", "label": "Since", "type": "year"},
    ],
}


@pytest.mark.parametrize(
    ("column", "now", "before", "rule", "words"),
    [
        (
            "in_post",
            {"v": "60.00"},
            {"v": "40.00"},
            "GS1",
            "In post (WTE): 20.00 more than last year (up 50%).",
        ),
        ("agency", {"v": "0.00"}, {"v": "6.00"}, "GS2", "Agency (WTE): 0 now, 6.00 last year."),
        ("agency", {"s": "NK"}, {"v": "6.00"}, "GS5", "Agency (WTE): Not known now, 6.00 last year."),
    ],
)
def test_each_figure_of_a_table_with_one_row_is_compared_with_last_year(column, now, before, rule, words):
    same = {"T1||in_post": {"v": "40.00"}, "T1||agency": {"v": "6.00"}, "T1||since": {"v": 2001}}
    cell = f"T1||{column}"

    (problem,) = of(small(STAFF), same | {cell: now}, last_year=same | {cell: before}).problems

    assert (problem.rule, problem.cells) == (rule, (cell,))
    assert problem.message.startswith(words)


def test_a_year_and_the_rows_of_a_breakdown_are_not_compared_one_by_one():
    breakdown = BANDS | {"rules": [], "last_year": "shown"}
    last = {"T1||since": {"v": 1990}, "T2|a|n": {"v": 4}}

    assert (
        of(small(STAFF, breakdown), {"T1||since": {"v": 2009}, "T2|a|n": {"v": 40}}, last_year=last).problems
        == ()
    )


def test_a_filled_in_figure_that_was_changed_shows_that_the_section_was_looked_at():
    shown = [number(code, last_year="shown") for code in ("T1", "T2", "T3")]
    questionnaire = small(*shown, number("T4", last_year="prefilled"))
    last = {code: {"v": 7} for code in ("T1", "T2", "T3", "T4")}

    def rules_found(**changed):
        return {problem.rule for problem in of(questionnaire, last | changed, last_year=last).problems}

    assert rules_found() == {"GS4"}
    assert rules_found(T4={"v": 8}) == set()

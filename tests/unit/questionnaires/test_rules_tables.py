"""Checks that many questionnaires share: at their edge, beyond it, and where a figure is not known."""

from datetime import date
from decimal import Decimal

import pytest

from mapping.returns.classification import classification
from questionnaires.evaluation import Context, evaluate
from questionnaires.wording import Dates
from tests.unit.questionnaires.helpers import YEAR, choice, number, small

NK = {"s": "NK"}


def table(*columns, rows=("a", "b", "c"), key="T9", **more):
    fields = [{"key": column, "label": column.title(), "type": "whole_number"} for column in columns]
    labels = {"rows": {row: row.upper() for row in rows}} if rows else {}
    return {"key": key, "label": "Table", "type": "table", "columns": fields, **labels, **more}


def problems(question, check, answers, *before, context=None, **arguments):
    """What a check finds at ``question``: its messages."""
    rule = {"id": "R1", "severity": "soft", "check": check, **arguments}
    questionnaire = small(*before, question | {"rules": [rule]})
    stored = {cell: value if isinstance(value, dict) else {"v": value} for cell, value in answers.items()}
    known = {"dates": Dates.of(YEAR)} | (context or {})
    found = evaluate(questionnaire, stored, Context(year=YEAR, **known)).problems
    return [problem.message for problem in found if problem.rule == "R1"]


@pytest.mark.parametrize(
    ("check", "arguments", "good", "bad", "words"),
    [
        (
            "each_at_most_column",
            {"columns": ["part", "other"], "of": "whole"},
            {"T9|a|part": 4, "T9|a|other": NK, "T9|a|whole": 4},
            {"T9|a|part": 5, "T9|a|whole": 4},
            "5 part are more than the 4 whole.",
        ),
        (
            "each_at_most_column",
            {"columns": ["part"], "of": "whole", "times": "1.2", "unusual": "yes"},
            {"T9|a|part": 12, "T9|a|whole": 10},
            {"T9|a|part": 13, "T9|a|whole": 10},
            "13 part are more than 1.2 times the 10 whole. If it is right",
        ),
        (
            "rows_in_order",
            {"column": "part", "rows": ["a", "b", "c"]},
            {"T9|a|part": 1, "T9|b|part": 1, "T9|c|part": NK},
            {"T9|a|part": 1, "T9|b|part": 3, "T9|c|part": 2},
            "3 B are more than the 2 C.",
        ),
        (
            "row_at_most",
            {"column": "part", "row": "a", "of_row": "b", "times": "1.5"},
            {"T9|a|part": 15, "T9|b|part": 10},
            {"T9|a|part": 16, "T9|b|part": 10},
            "16 A are more than 1.5 times the 10 B.",
        ),
        (
            "row_above",
            {"row": "c", "column": "part", "value": 0},
            {"T9|c|part": 0},
            {"T9|c|part": 1},
            "1 is unusual here: 0 at most is expected.",
        ),
        ("row_above", {"row": "c", "column": "part", "value": 0, "message": "Move them."},
         {"T9|c|part": NK}, {"T9|c|part": 1}, "Move them."),
        (
            "rows_share_outside",
            {"column": "part", "rows": ["a", "b"], "low": 10, "high": 20},
            {"T9|a|part": 10, "T9|b|part": 10, "T9|c|part": 80},
            {"T9|a|part": 11, "T9|b|part": 10, "T9|c|part": 79},
            "21% are A and B; 10% to 20% is usual.",
        ),
        (
            "ratio_outside",
            {"column": "part", "per": "whole", "high": 2},
            {"T9|a|part": 20, "T9|a|whole": 10, "T9|b|part": 5, "T9|b|whole": 0, "T9|c|part": NK},
            {"T9|b|part": 21, "T9|b|whole": 10},
            "2.1 part for each of the 10 whole; at most 2 is usual.",
        ),
        (
            "ratio_outside",
            {"column": "part", "per": "whole", "low": 2, "rows": ["a"]},
            {"T9|a|part": 20, "T9|a|whole": 10, "T9|b|part": 1, "T9|b|whole": 1},
            {"T9|a|part": 19, "T9|a|whole": 10},
            "1.9 part for each of the 10 whole; 2 or more is usual.",
        ),
    ],
)  # fmt: skip
def test_check_within_a_table_finds_what_is_beyond_the_edge(check, arguments, good, bad, words):
    question = table("part", "other", "whole")

    assert problems(question, check, good, **arguments) == []
    (message,) = problems(question, check, bad, **arguments)
    assert message.startswith(words)


@pytest.mark.parametrize(
    ("check", "question", "arguments", "good", "bad", "words"),
    [
        (
            "sum_at_most",
            table("n"),
            {"column": "n", "of": "T1"},
            {"T1": 10, "T9|a|n": 5, "T9|b|n": 5},
            {"T1": 10, "T9|a|n": 5, "T9|b|n": 6},
            "These add up to 11, more than the 10 T1 (T1). Correct one of the two.",
        ),
        (
            "sum_at_most",
            table("n"),
            {"column": "n", "of": "T1", "times": 2, "unusual": "yes"},
            {"T1": NK, "T9|a|n": 21},
            {"T1": 10, "T9|a|n": 21},
            "These add up to 21, more than 2 times the 10 T1 (T1). If it is right",
        ),
        ("equals", number("T9"), {"of": "T1"}, {"T1": 3, "T9": 3}, {"T1": 3, "T9": 2}, "2 T9 here, but 3 T1 (T1)."),
        (
            "equals",
            table("n", rows=()),
            {"of": "T1", "column": "n"},
            {"T1": NK, "T9||n": 2},
            {"T1": 3, "T9||n": 2},
            "2 N here, but 3 T1 (T1).",
        ),
        (
            "exclusive_rows",
            table("n"),
            {"column": "n", "rows": ["c"], "of": "T1"},
            {"T1": 10, "T9|a|n": 8, "T9|b|n": 7, "T9|c|n": 2},
            {"T1": 10, "T9|a|n": 8, "T9|b|n": 7, "T9|c|n": 3},
            "“C” (3) and A (8) are more together than the 10 T1 (T1).",
        ),
    ],
)  # fmt: skip
def test_check_against_another_figure_finds_what_is_beyond_the_edge(
    check, question, arguments, good, bad, words
):
    assert problems(question, check, good, number("T1"), **arguments) == []
    (message,) = problems(question, check, bad, number("T1"), **arguments)
    assert message.startswith(words)


STEPS = table("n", key="T1", rows=("first", "second"))
FLOWS = {
    "key": "T9",
    "label": "Flows",
    "type": "rows",
    "columns": [
        {"key": "from", "label": "From", "type": "one", "options": {"first": "First", "second": "Second"}},
        {"key": "children", "label": "Children", "type": "whole_number"},
    ],
}


def flows(first, second=0):
    return {
        "T1|first|n": {"v": 100},
        "T1|second|n": {"v": 50},
        "T9|r1|from": {"v": "first"},
        "T9|r1|children": {"v": first},
        "T9|r2|from": {"v": "first"},
        "T9|r2|children": {"v": second},
    }


def test_no_more_children_leave_a_step_than_reached_it():
    assert problems(FLOWS, "flows_within", flows(60, 40), STEPS, steps="T1|*|n") == []
    (message,) = problems(FLOWS, "flows_within", flows(60, 41), STEPS, steps="T1|*|n")
    assert message == "First: 101 go on, but only 100 reached this step. Correct one of the two."


def test_step_of_which_much_is_not_shown_is_pointed_out():
    wanted = {"steps": "T1|*|n", "percent_at_most": 10}

    assert problems(FLOWS, "flows_within", flows(60, 30), STEPS, **wanted) == []
    (message,) = problems(FLOWS, "flows_within", flows(60, 29), STEPS, **wanted)
    assert message.startswith("First: 89 go on of 100; nothing is shown of 11%.")


def test_flow_that_is_not_known_leaves_its_step_unchecked():
    answers = flows(60, 41) | {"T9|r2|children": NK}

    assert problems(FLOWS, "flows_within", answers, STEPS, steps="T1|*|n") == []


@pytest.mark.parametrize(
    ("days", "arguments", "words"),
    [
        (1830, {}, []),
        (1831, {}, ["1,831 bed days are more than 10 beds have in this time (1,830)."]),
        (915, {"low": 50, "high": 105}, []),
        (914, {"low": 50, "high": 105}, ["50% of the beds were in use; 50% to 105% is usual."]),
        (1922, {"low": 50, "high": 105}, ["105% of the beds were in use; 50% to 105% is usual."]),
    ],
)
def test_bed_days_are_those_that_the_beds_have_in_the_half_year(days, arguments, words):
    question = table("days", rows=(), at="half_year")
    answers = {"T1": 10, "T9||days": days}

    found = problems(question, "bed_days_within", answers, number("T1"), beds="T1", days="days", **arguments)

    assert [message[: len(start)] for message, start in zip(found, words, strict=True)] == words


def test_option_that_belongs_to_the_category_is_wanted():
    question = choice("T9", "T2", "T3", type="many")
    context = {"category": classification().categories["08"]}

    assert (
        problems(question, "contains_for_category", {"T9": ["T2"]}, context=context, options={"08": "T2"})
        == []
    )
    assert (
        problems(question, "contains_for_category", {"T9": ["T3"]}, context=context, options={"09": "T3"})
        == []
    )
    assert problems(
        question, "contains_for_category", {"T9": ["T3"]}, context=context, options={"08": "T2"}
    ) == ["A service of category 08 has “T2”. Tick it too."]


def test_managers_and_support_staff_are_no_professions():
    staff = table("wte", key="T1", rows=("nu_mh", "sc_sw", "mg_man"))
    wanted = {"value": "single", "of": "T1|*|wte", "count": 2}
    answers = {"T9": "single", "T1|nu_mh|wte": 1, "T1|mg_man|wte": 1, "T1|sc_sw|wte": 0}

    assert problems(choice("T9", "single"), "professions_at_least", answers, staff, **wanted) == []
    (message,) = problems(
        choice("T9", "single"), "professions_at_least", answers | {"T1|sc_sw|wte": 1}, staff, **wanted
    )
    assert message.startswith("“single”, but 2 professions in post (T1).")


@pytest.mark.parametrize(("children", "count"), [(120, 0), (121, 1), (60, 0), (59, 1)])
def test_children_are_compared_with_the_residents_of_the_areas_served(children, count):
    areas = {"key": "T1", "label": "Areas", "type": "area", "multiple": "yes"}
    known = {"E1": {"0-4": 60}, "E2": {"0-4": 40}}
    wanted = {"band": [0, 4], "areas": "T1", "low": 60, "high": 120}
    answers = {"T1": ["E1", "E2"], "T9": children}

    found = problems(
        number("T9"), "population_share_outside", answers, areas, context={"populations": known}, **wanted
    )

    assert len(found) == count
    assert problems(number("T9"), "population_share_outside", answers, areas, **wanted) == []


@pytest.mark.parametrize(("given", "count"), [(105, 0), (106, 1), (94, 1), (NK, 0)])
def test_figure_is_compared_with_what_the_services_add_up_to(given, count):
    context = {"service_sums": {"SVC-E02": Decimal(100)}}

    found = problems(
        number("T9"), "differs_from_services", {"T9": given}, context=context, of="SVC-E02", percent_at_most=5
    )

    assert len(found) == count
    assert all("your services add up to 100 (E02)" in message for message in found)


def test_period_of_bed_days_is_that_of_the_question():
    first, last = Dates.of(YEAR).half_year

    assert (first, last) == (date(2009, 6, 1), date(2009, 11, 30))
    assert (last - first).days + 1 == 183

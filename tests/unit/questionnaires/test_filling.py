"""Example answers: complete, within every hard rule, near last year's, and the same for the same lot."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.returns.classification import classification
from questionnaires.definition import NotAsked, load
from questionnaires.evaluation import Context
from questionnaires.filling import Surroundings, fill
from questionnaires.filling.likely import OWN, WHOLE, sizes
from questionnaires.sources import FOLDER
from tests.unit.questionnaires.helpers import choice, number, service, small

CATEGORIES = sorted(classification().categories)
ROLES = frozenset({"LA", "PCTC", "PCTP", "NHST", "VCS"})
OUTCODES = {"M32": frozenset({"E08000009"}), "BD1": frozenset({"E08000032"})}


def context_of(category="", **more):
    entry = {
        "name": "Team",
        "category": category,
        "sector": "inhouse",
        "provider": "E08000009",
        "status": "open",
    }
    entry |= {"organisation": "E08000009", "lead_organisation": "E08000009", "is_zero_cost": "no"}
    known = classification().categories.get(category)
    return Context(
        year="2009/10",
        today=date(2010, 1, 14),
        organisation_types=frozenset(known.respondents[:1]) if known else ROLES,
        authority_type="county",
        category=known,
        entry=entry if known else {},
        outcodes=OUTCODES,
        **more,
    )


def context_about(questionnaire):
    """The context of an organisation's own questionnaire: whatever the models keep is there."""
    kept = {question.stored_in.rpartition(".")[2] for question in questionnaire.questions.values()}
    return replace(context_of(), entry=dict.fromkeys(kept - {""}, "E08000009"))


def own_questionnaires():
    """The questionnaires that organisations answer about themselves."""
    for path in sorted(FOLDER.glob("*.yaml")):
        if path.stem not in ("service", "lists"):
            try:
                yield load(path, "2009/10")
            except NotAsked:
                continue


@pytest.mark.parametrize("code", CATEGORIES)
def test_a_service_of_any_category_is_complete(code):
    for seed in range(3):
        first = fill(service(), context_of(code), Random(seed))
        second = fill(service(), context_of(code, last_year=first.answers), Random(seed + 1))

        assert (first.evaluation.missing, first.is_complete) == ((), True)
        assert (second.evaluation.missing, second.is_complete) == ((), True)


@pytest.mark.parametrize("questionnaire", list(own_questionnaires()), ids=lambda found: found.key)
def test_an_organisations_own_questionnaires_are_complete(questionnaire):
    context = context_about(questionnaire)
    kept = context.entry
    for seed in range(3):
        filled = fill(questionnaire, context, Random(seed))

        assert (filled.evaluation.missing, filled.is_complete) == ((), True)
        assert len(filled.answers) >= filled.evaluation.mandatory - len(kept)


@settings(max_examples=40, deadline=None)
@given(
    code=st.sampled_from(CATEGORIES),
    seed=st.integers(),
    children=st.integers(0, 5000),
    staff=st.floats(0.1, 300),
    completeness=st.floats(0, 1),
)
def test_whatever_is_drawn_is_complete(code, seed, children, staff, completeness):
    around = Surroundings(children=children, staff=staff)

    filled = fill(service(), context_of(code), Random(seed), around=around, completeness=completeness)

    assert (filled.evaluation.missing, filled.is_complete) == ((), True)


def test_with_reasons_for_what_is_unusual_nothing_is_open():
    filled = fill(service(), context_of("09"), Random(5), completeness=1)

    unusual = [problem for problem in filled.evaluation.problems if problem.reason_wanted]
    assert filled.explanations == {problem.key: problem.given_for for problem in unusual}


def test_the_same_lot_draws_the_same():
    first, again, other = (fill(service(), context_of("18"), Random(seed)).answers for seed in (1, 1, 2))

    assert first == again
    assert first != other


def test_all_that_is_not_mandatory_may_be_left_blank():
    questionnaire = small(number("T1", mandatory="yes"), number("T2"), number("T3", mandatory="expected"))

    assert set(fill(questionnaire, context_of(), Random(1), completeness=0).answers) == {"T1"}
    assert set(fill(questionnaire, context_of(), Random(1), completeness=1).answers) == {"T1", "T2", "T3"}


def test_what_is_given_stays_and_what_is_left_out_stays_blank():
    questionnaire = small(number("T1"), number("T2"), number("T3"))

    filled = fill(
        questionnaire, context_of(), Random(1), given={"T1": {"v": 7}}, leave=("T2",), completeness=1
    )

    assert filled.answers["T1"] == {"v": 7}
    assert set(filled.answers) == {"T1", "T3"}


def test_figures_move_little_from_last_year():
    last_year = {"T1": {"v": 400}}

    now = fill(small(number("T1", mandatory="yes")), context_of(last_year=last_year), Random(1)).answers[
        "T1"
    ]["v"]

    assert 370 <= now <= 430
    assert now != 400


def test_a_choice_that_is_no_longer_offered_is_made_again():
    questionnaire = small(choice("T1", "new", mandatory="yes"))

    filled = fill(questionnaire, context_of(last_year={"T1": {"v": "old"}}), Random(1))

    assert filled.answers == {"T1": {"v": "new"}}


def test_the_parts_of_a_breakdown_add_up_to_what_is_given():
    parts = {
        "key": "T2",
        "label": "T2",
        "type": "table",
        "rows": {"a": "A", "b": "B", "nk": {"label": "Not known", "tags": ["not_known"]}},
        "columns": [{"key": "n", "label": "Children", "type": "whole_number"}],
        "mandatory": "yes",
        "rules": [{"id": "GH3", "severity": "hard", "check": "parts_equal", "total": "T1"}],
    }

    filled = fill(small(number("T1"), parts), context_of(), Random(1), given={"T1": {"v": 91}}).answers

    assert sum(filled[f"T2|{row}|n"]["v"] for row in ("a", "b", "nk")) == 91
    assert filled["T2|nk|n"]["v"] < 20


def test_a_figure_is_brought_below_one_that_comes_later():
    rules = [{"id": "GH4", "severity": "hard", "check": "at_most", "of": "T2"}]
    questionnaire = small(
        number("T1", rules=rules, mandatory="yes"), number("T2", maximum=5, mandatory="yes")
    )

    filled = fill(questionnaire, context_of(), Random(1), around=Surroundings(children=900)).answers

    assert filled["T1"]["v"] <= filled["T2"]["v"] <= 5


def test_a_figure_that_cannot_be_right_is_not_known():
    rules = [{"id": "X", "severity": "hard", "check": "at_least", "of": "T2", "column": ""}]
    questionnaire = small(
        number("T2", mandatory="yes"), number("T1", rules=rules, maximum=3, mandatory="yes")
    )

    filled = fill(questionnaire, context_of(), Random(1), given={"T2": {"v": 10}})

    assert filled.answers == {"T2": {"v": 10}, "T1": {"s": "NK"}}
    assert filled.is_complete


def test_a_service_that_closed_owes_nothing():
    context = context_of("18")
    context = replace(context, entry=context.entry | {"status": "closed", "status_date": "2009-06-30"})

    filled = fill(service(), context, Random(1))

    assert (filled.is_complete, "SVC-F01" in filled.answers) == (True, False)


def test_postcodes_and_areas_are_those_of_the_registers():
    filled = fill(
        service(), context_of("18"), Random(2), around=Surroundings(areas=("E08000032",)), completeness=1
    )

    assert filled.answers["SVC-D01|r1|postcode"]["v"].startswith("BD1 ")
    assert filled.answers["SVC-D03"] == {"v": ["E08000032"]}


def test_children_and_staff_go_together():
    around = Surroundings(children=3000, staff=40)
    filled = fill(service(), context_of("18"), Random(2), around=around, completeness=1).answers

    assert 2400 <= filled["SVC-F01"]["v"] <= 3600
    assert Decimal(filled["SVC-G05"]["v"]) > 100_000


def test_every_likely_size_is_of_a_figure_that_is_asked_and_of_what_stands_beside_it():
    asked = dict(service().questions)
    for questionnaire in own_questionnaires():
        asked |= questionnaire.questions
    for code, cells in sizes().items():
        question = asked[code]
        keys = {row.key for row in question.rows} | {column.key for column in question.columns}
        for key, likely in cells.items():
            assert key in keys or (key == WHOLE and not question.is_table), (code, key)
            assert likely.of in {"", *OWN, *keys, *asked}, (code, key)
            assert 0 <= likely.least <= likely.most, (code, key)


def test_a_likely_size_goes_with_the_figure_that_it_is_a_share_of():
    filled = fill(service(), context_of("24"), Random(7), completeness=1).answers

    planned, taken = (int(filled[f"SAF08|la|{column}"]["v"]) for column in ("planned", "taken"))
    assert 40 <= planned <= 200
    assert 0.7 * planned - 1 <= taken <= 0.98 * planned + 1

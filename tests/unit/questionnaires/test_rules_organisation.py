"""The checks of the questionnaires about an organisation, each with answers that pass and answers that fail."""

from datetime import date

import pytest

from questionnaires.evaluation import Context, evaluate
from tests.unit.questionnaires.helpers import YEAR, choice, rules_of, small


def rule(name, **arguments):
    return {"id": "X1", "severity": "soft", "check": name, **arguments}


def table(*columns, rows=None, **more):
    found = {"key": "T1", "label": "T1", "type": "table", "columns": list(columns), **more}
    return found | ({"rows": rows} if rows else {})


EMAIL = {"key": "email", "label": "Work e-mail", "type": "email"}


@pytest.mark.parametrize(
    ("address", "is_found"), [("Jo@trafford.example", True), ("sam@trafford.example", False)]
)
def test_the_person_at_the_top_is_not_the_lead(address, is_found):
    questionnaire = small(table(EMAIL, rules=[rule("not_a_lead", column="email")]))

    found = rules_of(
        questionnaire, {"T1||email": {"v": address}}, entry={"lead_emails": ["jo@trafford.example"]}
    )

    assert (found == {"X1"}) is is_found


def test_a_measure_is_told_with_its_unit():
    columns = [
        {"key": "funded", "label": "Funded", "type": "dec2", "unit": "WTE"},
        {"key": "in_post", "label": "In post", "type": "dec2", "unit": "WTE"},
    ]
    limit = rule("each_at_most_column", columns=["in_post"], of="funded", times=1.1)
    answers = {"T1||funded": {"v": "200.00"}, "T1||in_post": {"v": "220.01"}}

    (problem,) = evaluate(small(table(*columns, rules=[limit])), answers, Context(year=YEAR)).problems

    assert problem.message.startswith("220.01 WTE in post are more than 1.1 times the 200.00 WTE funded.")


@pytest.mark.parametrize("answers", [{}, {"T1||email": {"s": "NK"}}])
def test_nobody_named_at_the_top_is_not_the_lead(answers):
    questionnaire = small(table(EMAIL, rules=[rule("not_a_lead", column="email")]))

    assert rules_of(questionnaire, answers, entry={"lead_emails": ["jo@trafford.example"]}) == set()


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        ({"v": "1"}, {"v": "3"}, "up by 2"),
        ({"v": "4"}, {"v": "1"}, "down by 3"),
        ({"v": "2"}, {"v": "3"}, None),
        ({"s": "NK"}, {"v": "4"}, None),
        ({"v": "1"}, {"s": "NK"}, None),
        (None, {"v": "4"}, None),
    ],
)
def test_a_rating_that_jumps_wants_a_reason(before, now, words):
    questionnaire = small(choice("T1", "1", "2", "3", "4", rules=[rule("rating_jumped", points=2)]))
    context = Context(year=YEAR, last_year={"T1": before} if before else {})

    messages = [problem.message for problem in evaluate(questionnaire, {"T1": now}, context).problems]

    assert [words in message for message in messages] == ([True] if words else [])


@pytest.mark.parametrize(("answers", "is_found"), [({}, False), ({"v": "yes"}, False), ({"v": "no"}, True)])
def test_the_questionnaire_stays_open_until_it_is_agreed(answers, is_found):
    agreed = {"key": "agreed", "label": "Agreed", "type": "yn"}
    questionnaire = small(table(agreed, rules=[rule("column_must_be", column="agreed", value="yes")]))

    assert (rules_of(questionnaire, {"T1||agreed": answers} if answers else {}) == {"X1"}) is is_found


@pytest.mark.parametrize(
    ("year", "today", "is_found"),
    [
        (2010, date(2010, 1, 14), False),
        (2011, date(2010, 1, 14), True),
        (2010, date(2009, 12, 1), True),
        (2010, None, False),
    ],
)
def test_a_strategy_is_not_from_a_year_ahead(year, today, is_found):
    columns = {"key": "year", "label": "Year", "type": "year"}
    questionnaire = small(
        table(columns, rows={"a": "A", "b": "B"}, rules=[rule("years_not_ahead", column="year")])
    )

    found = rules_of(questionnaire, {"T1|a|year": {"v": 2008}, "T1|b|year": {"v": year}}, today=today)

    assert (found == {"X1"}) is is_found


@pytest.mark.parametrize(("ticked", "is_found"), [(["a"], False), (["none"], False), (["a", "none"], True)])
def test_none_excludes_others_in_a_column(ticked, is_found):
    uses = {
        "key": "uses",
        "label": "Uses",
        "type": "many",
        "options": {"a": "A", "none": {"label": "None", "exclusive": "yes"}},
    }
    questionnaire = small(table(uses, rules=[rule("none_excludes", column="uses")]))

    assert (rules_of(questionnaire, {"T1||uses": {"v": ticked}}) == {"X1"}) is is_found

"""What answers become under the names of measures."""

from decimal import Decimal

import pytest

from questionnaires.definition import build
from questionnaires.evaluation import Context
from reports.facts import BLANK, Fact, facts_of

QUESTIONS = [
    {"key": "X01", "label": "Any?", "type": "yn", "mandatory": "yes", "measure": "any"},
    {
        "key": "X02", "label": "How many?", "type": "whole_number", "unit": "children", "measure": "how_many",
        "when": {"question": "X01", "is": "yes"},
    },
    {
        "key": "X03", "label": "Which?", "type": "many", "measure": "which",
        "options": {"a": "First", "b": "Second"},
    },
    {"key": "X04", "label": "Words", "type": "text"},
    {
        "key": "X05", "label": "Agencies", "type": "table", "mandatory": "yes",
        "rows": {"r01": "Police", "r02": "PCT"},
        "columns": [
            {"key": "on", "label": "On", "type": "yn", "measure": "on"},
            {"key": "level", "label": "Level", "type": "one", "options": {"head": "Head"}, "mandatory": "no",
             "measure": "level"},
        ],
    },
    {
        "key": "X06", "label": "Where they live", "type": "rows",
        "rows": {"outside": "Outside England"},
        "columns": [
            {"key": "area", "label": "Area", "type": "area", "only": []},
            {"key": "n", "label": "Children", "type": "whole_number", "unit": "children", "measure": "residence"},
        ],
    },
    {
        "key": "X07", "label": "Sector", "type": "one", "options": {"nhs": "NHS"}, "stored_in": "entry.sector",
        "measure": "sector",
    },
]  # fmt: skip
SOURCE = {
    "key": "example",
    "code": "X",
    "title": "Example",
    "part": "organisation",
    "respondents": ["LA"],
    "sections": [{"key": "A", "title": "All", "questions": QUESTIONS}],
}


@pytest.fixture
def facts():
    """Facts by measure and item, of some answers."""
    questionnaire = build(SOURCE, "2009/10")

    def facts_by_place(answers, **context):
        found = facts_of(questionnaire, answers, Context(year="2009/10", **context))
        return {(fact.measure, fact.item or fact.area): fact for fact in found}

    return facts_by_place


def test_first_fact_says_how_far_the_response_is(facts):
    found = facts({"X01": {"v": "no"}})

    about = found["response", "example"]

    assert (about.number, about.choice, about.unit) == (Decimal("50.00"), "in_progress", "%")


def test_number_keeps_its_unit(facts):
    found = facts({"X01": {"v": "yes"}, "X02": {"v": 148}})

    assert found["how_many", ""] == Fact("how_many", number=Decimal(148), unit="children")


def test_zero_is_an_answer_and_a_special_answer_is_not_a_number(facts):
    assert facts({"X01": {"v": "yes"}, "X02": {"v": 0}})["how_many", ""].number == 0
    special = facts({"X01": {"v": "yes"}, "X02": {"s": "NC"}})["how_many", ""]
    assert (special.state, special.number) == ("NC", None)


def test_answer_to_what_is_not_asked_says_nothing(facts):
    assert ("how_many", "") not in facts({"X01": {"v": "no"}, "X02": {"v": 148}})


def test_blank_is_a_fact_only_where_an_answer_was_owed(facts):
    found = facts({"X01": {"v": "yes"}, "X05|r01|on": {"v": "yes"}})

    assert found["on", "r02"].state == BLANK
    assert ("level", "r01") not in found
    assert ("how_many", "") not in found


def test_multiple_choice_says_yes_or_no_of_each_option(facts):
    found = facts({"X03": {"v": ["b"]}})

    assert [found["which", key].choice for key in "ab"] == ["no", "yes"]


def test_unanswered_multiple_choice_says_nothing(facts):
    assert ("which", "a") not in facts({})


def test_rows_by_area_name_the_area_of_residence(facts):
    found = facts({"X06|r1|area": {"v": "E08000009"}, "X06|r1|n": {"v": 12}, "X06|outside|n": {"v": 2}})

    assert found["residence", "E08000009"].number == 12
    assert found["residence", "outside"].number == 2


def test_field_of_the_service_entry_is_a_fact_too(facts):
    assert facts({}, entry={"sector": "nhs"})["sector", ""].choice == "nhs"


def test_question_without_a_measure_is_no_fact(facts):
    found = facts({"X04": {"v": "a name of somebody"}})

    assert not [fact for fact in found.values() if "somebody" in fact.choice]

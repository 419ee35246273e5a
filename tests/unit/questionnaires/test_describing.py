"""Conditions in words, as the book of questions says them."""

from types import SimpleNamespace

import pytest

from questionnaires.conditions import compiled
from questionnaires.describing import condition_words, is_global, need_words
from tests.unit.questionnaires.helpers import number, service, small


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"no_service_in": "row"}, "the list of services has none of this category"),
        ({"service_in": "row"}, "the list of services has one of this category"),
        ({"authority_type": ["london_borough"]}, "the authority is a london borough"),
    ],
)
def test_a_condition_about_the_organisation_is_said_in_words(condition, words):
    assert condition_words(compiled(condition, own="ORG08"), None) == words


def test_a_question_that_is_needed_of_some_only_says_of_whom():
    questionnaire = service()

    assert need_words(questionnaire.question("SVC-E08"), questionnaire) == "Expected if A11 is not Yes"
    assert need_words(questionnaire.question("SVC-F00"), questionnaire) == "Must be answered"


def test_what_a_question_carries_without_being_told_is_not_said_of_each():
    """GS1 comes with any figure; A-S3 is written in a definition."""
    rules = small(number("Q1", usual=[1, 9], last_year="shown")).question("Q1").rules

    assert [rule.id for rule in rules] == ["USUAL", "GS1", "GS2", "GS5", "GS6"]
    assert all(is_global(rule) for rule in rules)
    assert not is_global(SimpleNamespace(id="A-S3"))

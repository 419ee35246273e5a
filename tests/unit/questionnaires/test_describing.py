"""Conditions in words, as the book of questions says them."""

import pytest

from questionnaires.conditions import compiled
from questionnaires.describing import condition_words, need_words
from tests.unit.questionnaires.helpers import service


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

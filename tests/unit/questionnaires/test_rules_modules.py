"""Checks of the modules of the service questionnaire, each on a small questionnaire of its own."""

import pytest

from questionnaires.evaluation import Context, evaluate
from tests.unit.questionnaires.helpers import YEAR, cells, small

FEEDING = {
    "key": "T1",
    "label": "Feeding",
    "type": "table",
    "columns": [
        {"key": "known", "label": "Feeding known", "type": "whole_number"},
        {"key": "breast", "label": "Breastfed", "type": "whole_number"},
        {"key": "other", "label": "Fed otherwise", "type": "whole_number"},
    ],
    "rules": [
        {
            "id": "R",
            "severity": "hard",
            "check": "columns_equal",
            "columns": ["breast", "other"],
            "of": "known",
        }
    ],
}


def found(question, answers):
    """The problems that the one question of a small questionnaire has with some answers."""
    evaluation = evaluate(small(question), cells(answers, prefix=""), Context(year=YEAR))
    return [problem for problem in evaluation.problems if problem.rule == "R"]


def test_columns_that_do_not_make_the_whole_name_the_gap_and_all_their_cells():
    (problem,) = found(FEEDING, {"T1||known": 1200, "T1||breast": 700, "T1||other": 300})

    assert problem.message == (
        "These add up to 1,000 (breastfed, fed otherwise), 200 too few for the 1,200 feeding known."
    )
    assert problem.cells == ("T1||breast", "T1||other", "T1||known")
    assert "1 too many" in found(FEEDING, {"T1||known": 2, "T1||breast": 2, "T1||other": 1})[0].message


@pytest.mark.parametrize(
    "answers",
    [
        {"T1||known": 10, "T1||breast": 7, "T1||other": 3},
        {"T1||known": 10, "T1||breast": 7},
        {"T1||known": "NK!", "T1||breast": 7, "T1||other": 3},
        {"T1||known": 10, "T1||breast": "NK!", "T1||other": 3},
    ],
)
def test_columns_that_make_the_whole_or_are_not_all_known_are_left_alone(answers):
    assert found(FEEDING, answers) == []


LEFT_ALONE = {
    "key": "T1",
    "label": "How many children have no social worker?",
    "short": "Children without a social worker",
    "type": "whole_number",
    "rules": [{"id": "R", "severity": "soft", "check": "should_be_none"}],
}


def test_a_group_that_should_be_empty_and_is_not_wants_to_know_what_is_done():
    (problem,) = found(LEFT_ALONE, {"T1": 3})

    assert problem.message.startswith("3 children without a social worker; there should be none.")
    assert problem.reason_wanted


@pytest.mark.parametrize("answers", [{}, {"T1": 0}, {"T1": "NK!"}])
def test_an_empty_or_unknown_group_wants_no_reason(answers):
    assert found(LEFT_ALONE, answers) == []

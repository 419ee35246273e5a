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


PLACED = {
    "key": "T1",
    "label": "Placements",
    "type": "table",
    "rows": {"home": "At home", "away": "Away"},
    "columns": [
        {"key": "inside", "label": "In area", "type": "whole_number"},
        {"key": "outside", "label": "Outside area", "type": "whole_number"},
    ],
}
STATUS = {
    "key": "T2",
    "label": "Status",
    "type": "table",
    "rows": {"order": "Order", "none": "None"},
    "columns": [{"key": "n", "label": "Children", "type": "whole_number"}],
    "rules": [
        {
            "id": "R",
            "severity": "hard",
            "check": "rows_make_up",
            "column": "n",
            "of": ["T1|*|inside", "T1|*|outside"],
        }
    ],
}
TWENTY_PLACED = {"T1|home|inside": 10, "T1|away|inside": 3, "T1|home|outside": 0, "T1|away|outside": 7}


def status_problems(answers):
    """The problems of the statuses of twenty children who are placed in two columns."""
    questionnaire = small(PLACED, STATUS)
    evaluation = evaluate(questionnaire, cells(TWENTY_PLACED | answers, prefix=""), Context(year=YEAR))
    return [problem for problem in evaluation.problems if problem.rule == "R"]


def test_rows_that_do_not_make_up_several_columns_say_how_far_off_they_are():
    (problem,) = status_problems({"T2|order|n": 12})  # a blank in a breakdown that was begun is no excuse

    assert problem.cells == ("T2|order|n", "T2|none|n")
    assert problem.message == (
        "These add up to 12, 8 too few for the 20 in area in all (T1) and outside area in all (T1)."
    )
    assert "1 too many" in status_problems({"T2|order|n": 12, "T2|none|n": 9})[0].message


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"T2|order|n": 12, "T2|none|n": 8},
        {"T2|order|n": 12, "T2|none|n": "NK!"},
        {"T2|order|n": 12, "T1|home|outside": "NK!"},
    ],
)
def test_rows_that_make_up_the_columns_or_cannot_be_compared_are_left_alone(answers):
    assert status_problems(answers) == []


SUPPORTED = {
    "key": "T1",
    "label": "Supported",
    "type": "table",
    "columns": [
        {"key": "traveller", "label": "Traveller children", "type": "whole_number"},
        {"key": "refugee", "label": "Refugee children", "type": "whole_number"},
        {"key": "school", "label": "Children in school", "type": "whole_number"},
    ],
    "rules": [
        {
            "id": "R",
            "severity": "hard",
            "check": "part_of_columns",
            "column": "school",
            "of": ["traveller", "refugee"],
        }
    ],
}


def test_a_part_that_is_more_than_several_columns_together_is_wrong():
    (problem,) = found(SUPPORTED, {"T1||traveller": 3, "T1||refugee": 4, "T1||school": 8})

    assert problem.message == (
        "8 children in school are more than the 7 traveller children and refugee children. "
        "Correct the one that is wrong."
    )
    assert problem.cells == ("T1||school", "T1||traveller", "T1||refugee")


@pytest.mark.parametrize(
    "answers",
    [
        {"T1||traveller": 3, "T1||refugee": 4, "T1||school": 7},
        {"T1||traveller": 3, "T1||school": 7},
        {"T1||traveller": 3, "T1||refugee": "NK!", "T1||school": 7},
    ],
)
def test_a_part_of_several_columns_is_left_alone_where_it_may_be_right(answers):
    assert found(SUPPORTED, answers) == []

"""The Children's Trust questionnaire: what is asked of whom, and in which years."""

import pytest

from questionnaires.evaluation import Context, evaluate
from tests.unit.questionnaires.helpers import cells, trust


def test_agencies_are_asked_in_the_years_of_table_1():
    asked = {year: {row.key for row in trust(year).question("CTQB2").rows} for year in ("2008/09", "2009/10")}

    assert asked["2008/09"] - asked["2009/10"] == {"b09", "b10"}
    assert {"b03", "b14", "b25"} <= asked["2009/10"] - asked["2008/09"]
    assert len(asked["2009/10"]) == 23


def test_areas_of_joint_commissioning_grow_to_14():
    assert [len(trust(year).question("CTQE2").rows) for year in ("2008/09", "2009/10")] == [11, 14]


def test_level_is_not_asked_of_schools():
    board = trust().question("CTQB2")

    assert board.asks("b03", "on") and not board.asks("b03", "level")
    assert board.asks("b01", "level") and not board.asks("b01", "name")


@pytest.mark.parametrize(("kind", "is_asked"), [("county", True), ("unitary", False), ("", False)])
def test_district_councils_are_asked_of_counties_only(kind, is_asked):
    evaluation = evaluate(trust(), {}, Context(year="2009/10", authority_type=kind))

    assert ("CTQB2|b20|on" in {cell.id for cell in evaluation.asked["CTQB2"]}) is is_asked


@pytest.mark.parametrize(
    ("chair", "is_asked"), [({}, True), ({"v": "pct"}, True), ({"s": "NK"}, True), ({"v": "no_board"}, False)]
)
def test_agencies_are_asked_unless_there_is_no_board(chair, is_asked):
    evaluation = evaluate(trust(), {"CTQB1": chair}, Context(year="2009/10"))

    assert ("CTQB2" in evaluation.asked) is is_asked


def test_effects_are_asked_of_joint_areas_only():
    answers = cells({"CTQE2|j01|joint": "yes", "CTQE2|j02|joint": "no"}, prefix="")

    evaluation = evaluate(trust(), answers, Context(year="2009/10"))

    assert [cell.id for cell in evaluation.asked["CTQE3"]] == ["CTQE3|j01|effect", "CTQE3|j01|detail"]

"""Every rule of the Children's Trust questionnaire: answers that pass and answers that fail."""

from datetime import date

import pytest

from questionnaires.evaluation import Context, evaluate
from tests.unit.questionnaires.helpers import cells, rules_of, trust

JSNA = {"CTQC1": "yes"}
COMPONENTS = [f"c{number:02}" for number in range(1, 32)]


def covered(count):
    return JSNA | {f"CTQC3|{row}|covered": "yes" if i < count else "no" for i, row in enumerate(COMPONENTS)}


CASES = [
    ("CTQA4-none", {"CTQA4": ["none"]}, {"CTQA4": ["none", "carers"]}, {}),
    ("GH5", {"CTQA5||from": 2009, "CTQA5||to": 2009}, {"CTQA5||from": 2010, "CTQA5||to": 2009}, {}),
    ("GH5", {"CTQA6": "2010-01-14"}, {"CTQA6": "2010-01-15"}, {"today": date(2010, 1, 14)}),
    (
        "CT-H1",
        {"CTQB2|b01|on": "yes", "CTQB2|b01|level": "head"},
        {"CTQB2|b01|on": "no", "CTQB2|b01|level": "head"},
        {},
    ),
    ("CT-S1", {"CTQB2|b11|on": "no"}, {"CTQB2|b01|on": "no"}, {}),
    ("CTQB3-none", {"CTQB3": ["forum"]}, {"CTQB3": ["forum", "no"]}, {}),
    ("CTQB8-none", {"CTQB8": ["plan"]}, {"CTQB8": ["plan", "none"]}, {}),
    ("CTQC2", JSNA | {"CTQC2": 2009}, JSNA | {"CTQC2": 2010}, {}),
    (
        "CT-H2",
        JSNA | {"CTQC3|c01|covered": "part", "CTQC3|c01|used": "yes"},
        JSNA | {"CTQC3|c01|covered": "no", "CTQC3|c01|used": "yes"},
        {},
    ),
    (
        "CT-H2",
        JSNA | {"CTQC3|c01|covered": "no", "CTQC3|c01|used": "no"},
        JSNA | {"CTQC3|c01|covered": "no", "CTQC3|c01|used": "yes"},
        {},
    ),
    ("CT-S2", covered(3), covered(2), {}),
    ("CT-S2", covered(30), covered(31), {}),
    ("CTQC5-none", JSNA | {"CTQC5": ["survey"]}, JSNA | {"CTQC5": ["survey", "no"]}, {}),
    (
        "CTQD3-sum",
        {"CTQD3|universal|now": "70.0", "CTQD3|specialist|now": "30.0"},
        {"CTQD3|universal|now": "70.0", "CTQD3|specialist|now": "31.0"},
        {},
    ),
    (
        "CT-H3",
        {"CTQE2|j01|form": "pooled", "CTQE2|j01|pooled_amount": "5000"},
        {"CTQE2|j01|form": "plan", "CTQE2|j01|pooled_amount": "5000"},
        {},
    ),
    (
        "CT-S3",
        {"CTQE2|j01|joint": "no", "CTQE6|r1|area": "j01"},
        {"CTQE2|j01|joint": "no", "CTQE6|r1|area": "j02"},
        {"last_year": cells({"CTQE2|j01|joint": "yes"}, prefix="")},
    ),
    ("GS1", {"CTQB4": 12}, {"CTQB4": 18}, {"last_year": cells({"CTQB4": 12}, prefix="")}),
]


@pytest.mark.parametrize(("rule", "passing", "failing", "context"), CASES, ids=[case[0] for case in CASES])
def test_rule_tells_answers_that_fail_from_answers_that_pass(rule, passing, failing, context):
    assert rule not in rules_of(trust(), cells(passing, prefix=""), **context)
    assert rule in rules_of(trust(), cells(failing, prefix=""), **context)


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

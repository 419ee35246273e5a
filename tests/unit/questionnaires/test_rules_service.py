"""Rules of the service questionnaire beyond their examples: what cannot be checked, what they do not mean."""

import pytest

from questionnaires.evaluation import Context, evaluate
from tests.unit.questionnaires.helpers import cells, rules_of, service

STAFFED = {"is_zero_cost": False}
F = {"F00": "yes"}
E = {"entry": STAFFED}


def breakdown(question, **parts):
    return {f"{question}|{row}|n": value for row, value in parts.items()}


def staff(row, **columns):
    return {f"E01|{row}|{column}": value for column, value in columns.items()}


def ages(**parts):
    zeros = dict.fromkeys(["a0", "a1_4", "a5_9", "a10_14", "a15", "a16_17", "a18_24", "aNK"], 0)
    return breakdown("F09", **(zeros | parts))


@pytest.mark.parametrize(
    ("answers", "context"),
    [
        (F | {"F02": "NK!", "F03": 61}, {}),
        (F | {"F03": 61}, {}),
        ({"B03": 6, "B04": "NA!"}, {}),
        (F | {"F01": 10} | ages(a5_9=4, aNK="NK!"), {}),
        (staff("nu_hv", wte="1.00") | staff("nu_sn", wte="NK!") | {"E03": "9.00"}, E),
        ({"G07": "125001"}, E | {"last_year": cells({"G05": "80000"})}),
    ],
)
def test_rule_over_a_blank_or_special_figure_is_not_checked(answers, context):
    assert rules_of(service(), cells(answers), **context) == set()


def test_breakdown_that_was_started_is_checked_although_blanks_are_left():
    answers = cells(F | {"F01": 10, "F09|a5_9|n": 4})

    evaluation = evaluate(service(), answers, Context(year="2009/10"))

    (problem,) = [problem for problem in evaluation.problems if problem.rule == "GH3"]
    assert problem.message == "These add up to 4, 6 too few for the 10 children on the caseload (F01)."
    assert "SVC-F09|a0|n" in evaluation.missing


@pytest.mark.parametrize(
    ("answers", "context", "where", "message"),
    [
        (
            F | {"F02": 46, "F03": 61},
            {},
            "",
            "61 new cases are more than the 46 children seen (F02). Correct one of the two.",
        ),
        (
            staff("th_fam", wte="1.60", heads=1),
            E,
            "Family therapist",
            "1.60 WTE is too much for 1 person: one person counts as 1.10 at most. "
            "Correct the WTE or the number of people.",
        ),
        (
            F | {"F03": 38},
            {"last_year": cells({"F03": 24})},
            "",
            "14 more than last year (up 58%). If it is right, tell readers why.",
        ),
        (
            {"F08||n": 0},
            {"last_year": cells({"F08||n": 1200})},
            "",
            "0 now, 1,200 last year. If it is right, tell readers why.",
        ),
    ],
)
def test_messages_say_what_is_wrong_and_what_to_do(answers, context, where, message):
    evaluation = evaluate(service(), cells(answers), Context(year="2009/10", **context))

    found = [
        (problem.where, problem.message) for problem in evaluation.problems if problem.rule != "EXPECTED"
    ]
    assert found == [(where, message)]

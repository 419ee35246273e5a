"""Conditions over values, blanks and special answers; which questions are asked because of them."""

import pytest

from questionnaires.conditions import BadCondition, compiled
from questionnaires.evaluation import Context, evaluate
from tests.unit.questionnaires.helpers import YEAR, choice, number, small

TABLE = {
    "key": "T3",
    "label": "Table",
    "type": "table",
    "rows": {"a": "A", "b": "B"},
    "columns": [
        {"key": "on", "label": "On", "type": "yn"},
        {"key": "n", "label": "N", "type": "whole_number"},
    ],
}
MANY = {"key": "T4", "label": "Many", "type": "many", "options": {"x": "X", "y": "Y", "z": "Z"}}
ROWS = {"key": "T5", "label": "Rows", "type": "rows", "columns": [{"key": "n", "label": "N", "type": "text"}]}


def is_asked(when, answers, **context):
    """Whether a last question under a condition is asked."""
    questionnaire = small(
        number("T1"), number("T2"), TABLE, MANY, ROWS, choice("T6", "p", "q"), number("T9", when=when)
    )
    return "T9" in evaluate(questionnaire, answers, Context(year=YEAR, **context)).asked


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"organisation_type": ["PCTP", "NHST"]}, True),
        ({"organisation_type": ["LA"]}, False),
        ({"service_in": ["08", "09"]}, True),
        ({"service_in": ["01"]}, False),
        ({"no_service_in": ["01"]}, True),
        ({"no_service_in": ["01", "08"]}, False),
    ],
)
def test_condition_tests_each_role_and_the_services_listed(when, expected):
    roles, categories = frozenset({"PCTC", "PCTP"}), frozenset({"08"})

    assert is_asked(when, {}, organisation_types=roles, service_categories=categories) is expected


def test_rows_are_asked_for_categories_without_a_service():
    rows = {key: {"label": key, "when": {"no_service_in": "row"}} for key in ("01", "08", "09")}
    questionnaire = small({**TABLE, "rows": rows})

    evaluation = evaluate(questionnaire, {}, Context(year=YEAR, service_categories=frozenset({"08"})))

    assert [cell.row for cell in evaluation.asked["T3"] if cell.column == "n"] == ["01", "09"]


BLANK = {}
NOT_KNOWN = {"T1": {"s": "NK"}, "T6": {"s": "NK"}}


@pytest.mark.parametrize(
    ("when", "over_value", "over_blank"),
    [
        ({"question": "T1", "is": 5}, True, False),
        ({"question": "T1", "is": 6}, False, False),
        ({"question": "T6", "is_not": "p"}, False, True),
        ({"question": "T6", "is_not": "q"}, True, True),
        ({"question": "T6", "in": ["p", "q"]}, True, False),
        ({"question": "T6", "in": ["q"]}, False, False),
        ({"question": "T1", "at_least": 5}, True, False),
        ({"question": "T1", "at_least": 6}, False, False),
        ({"question": "T1", "more_than": 4}, True, False),
        ({"question": "T1", "more_than": 5}, False, False),
        ({"question": "T1", "more_than": {"question": "T2"}}, True, False),
        ({"question": "T1", "at_least": {"question": "T2"}}, True, False),
        ({"question": "T1", "answered": "yes"}, True, False),
        ({"question": "T1", "answered": "no"}, False, True),
    ],
)
def test_condition_holds_over_values_but_not_over_blank_or_special(when, over_value, over_blank):
    assert is_asked(when, {"T1": {"v": 5}, "T2": {"v": 3}, "T6": {"v": "p"}}) is over_value
    assert is_asked(when, BLANK) is over_blank
    assert is_asked(when, NOT_KNOWN) is over_blank


@pytest.mark.parametrize("limit", [{}, {"T2": {"s": "NC"}}])
def test_comparison_with_a_blank_or_special_question_is_false(limit):
    assert not is_asked({"question": "T1", "more_than": {"question": "T2"}}, {"T1": {"v": 5}} | limit)


@pytest.mark.parametrize(
    ("when", "chosen", "expected"),
    [
        ({"question": "T4", "is": "x"}, ["x", "y"], True),
        ({"question": "T4", "is": "z"}, ["x", "y"], False),
        ({"question": "T4", "is_not": "x"}, ["x", "y"], False),
        ({"question": "T4", "in": ["y", "z"]}, ["x", "y"], True),
        ({"question": "T4", "count": {"more_than": 1}}, ["x", "y"], True),
        ({"question": "T4", "count": {"at_least": 3}}, ["x", "y"], False),
        ({"question": "T4", "count": {"at_least": 1, "more_than": 0}}, ["x"], True),
    ],
)
def test_condition_over_several_choices(when, chosen, expected):
    assert is_asked(when, {"T4": {"v": chosen}}) is expected


@pytest.mark.parametrize(
    ("when", "answers", "expected"),
    [
        ({"question": "T3", "column": "on", "is": "yes"}, {"T3|b|on": {"v": "yes"}}, True),
        ({"question": "T3", "column": "on", "is": "yes"}, {"T3|b|on": {"v": "no"}}, False),
        ({"question": "T3", "row": "a", "column": "on", "is": "yes"}, {"T3|b|on": {"v": "yes"}}, False),
        ({"question": "T3", "row": "b", "column": "on", "is": "yes"}, {"T3|b|on": {"v": "yes"}}, True),
        ({"question": "T3", "answered": "yes"}, {"T3|b|on": {"s": "NK"}}, True),
        ({"question": "T5", "count": {"more_than": 1}}, {"T5|r1|n": {"v": "x"}}, False),
        ({"question": "T5", "count": {"more_than": 1}}, {"T5|r1|n": {"v": "x"}, "T5|r2|n": {"v": "y"}}, True),
    ],
)
def test_condition_over_a_table(when, answers, expected):
    assert is_asked(when, answers) is expected


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"any": [{"question": "T1", "is": 1}, {"question": "T1", "is": 5}]}, True),
        ({"any": [{"question": "T1", "is": 1}, {"question": "T1", "is": 2}]}, False),
        ({"all": [{"question": "T1", "more_than": 1}, {"question": "T1", "is": 5}]}, True),
        ({"all": [{"question": "T1", "more_than": 1}, {"question": "T1", "is": 2}]}, False),
        ({"all": [{"organisation_type": ["LA"]}, {"any": [{"question": "T1", "is": 5}]}]}, True),
        ({"organisation_type": ["PCTC", "PCTP"]}, False),
        ({"authority_type": "county"}, True),
    ],
)
def test_conditions_combine(when, expected):
    assert (
        is_asked(when, {"T1": {"v": 5}}, organisation_types=frozenset({"LA"}), authority_type="county")
        is expected
    )


def test_answer_to_a_question_not_asked_counts_for_nothing():
    questionnaire = small(
        choice("T1", "yes", "no"),
        number("T2", when={"question": "T1", "is": "yes"}),
        number("T3", when={"question": "T2", "more_than": 0}),
    )
    answers = {"T1": {"v": "no"}, "T2": {"v": 5}}

    evaluation = evaluate(questionnaire, answers, Context(year=YEAR))

    assert list(evaluation.asked) == ["T1"]
    assert answers["T2"] == {"v": 5}


@pytest.mark.parametrize(
    "source",
    [
        {"question": "T1"},
        {"question": "T1", "is": 1, "more_than": 2},
        {"question": "T1", "is": 1, "unless": 2},
        {"is": "yes"},
        {"any": [{"question": "T1", "equals": 1}]},
    ],
)
def test_condition_that_cannot_be_read_is_refused(source):
    with pytest.raises(BadCondition):
        compiled(source)

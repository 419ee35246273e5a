"""Thresholds of a collection: read, refused, in force for all questions or one, and switched off."""

from decimal import Decimal

import pytest

from questionnaires.case import Case
from questionnaires.definition import Rule
from questionnaires.evaluation import Context, evaluate
from questionnaires.rules import InvalidThresholds, Thresholds, in_force, read_thresholds, run, tunable
from questionnaires.rules.thresholds import as_stored, in_their_order, read_value, said_of, words_of
from questionnaires.tuning.soft import soft_rule, with_own
from tests.unit.questionnaires.helpers import YEAR, number, rules_of, small

GROWN = {"T-A01": {"v": 130}}
BEFORE = {"T-A01": {"v": 100}}
OWN = {"questions": {"T-A01": {"GS1": {"change_share": 0.4, "change_least": 10}}}}


@pytest.fixture
def one_figure():
    return small(number("T-A01", usual=[1, 400], last_year="shown"))


def test_nothing_set_is_what_the_instruments_say():
    assert read_thresholds({}) == Thresholds()
    assert Thresholds().change_share == Decimal("0.25")


def test_settings_are_read_as_exact_numbers():
    thresholds = read_thresholds({"change_share": 0.3, "pay_per_wte": [10000, 90000], "off": ["GS7"], **OWN})

    assert thresholds.change_share == Decimal("0.3")
    assert thresholds.pay_per_wte == (10000, 90000)
    assert thresholds.own("T-A01", "GS1") == {"change_share": Decimal("0.4"), "change_least": 10}
    assert thresholds.own("T-A01", "GS2") == {}
    assert thresholds.is_off("T-A02", "GS7")


@pytest.mark.parametrize(
    ("stored", "message"),
    [
        ({"share": 1}, "There is no threshold called share."),
        ({"change_share": 1.5}, "Differs from last year by more than (%): give more than 0 and at most 100."),
        ({"change_share": "much"}, "Differs from last year by more than (%): give a number."),
        ({"change_share": True}, "Differs from last year by more than (%): give a number."),
        ({"change_least": -1}, "and by more than (number): give 0 or more."),
        ({"text_years": 1.5}, "A text may stand unchanged for (years): give a whole number from 1."),
        ({"peer_percent": 3}, "Unlike its peers: the highest and lowest (%): choose one of 1, 2, 5, 10."),
        ({"pay_per_wte": 5}, "Usual pay for each WTE (£): give a lowest and a highest figure."),
        ({"pay_per_wte": [9, 5]}, "Usual pay for each WTE (£): the lowest figure is above the highest."),
        ({"questions": []}, "Thresholds of questions are given as question, rule, name and value."),
        ({"questions": {"A": {"GS1": 3}}}, "Thresholds of a rule are given by name."),
        ({"off": "GS7"}, "What is switched off is a list of rules."),
    ],
)
def test_settings_that_cannot_be_read_are_refused(stored, message):
    with pytest.raises(InvalidThresholds) as refused:
        read_thresholds(stored)

    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("name", "value", "stored", "words"),
    [
        ("change_share", Decimal("0.4"), "0.4", "40%"),
        ("change_least", 1200, 1200, "1,200"),
        ("usual", (1, Decimal("2.5")), [1, "2.5"], "1 to 2.5"),
        ("peer_percent", 5, 5, "5%"),
    ],
)
def test_a_threshold_is_stored_so_that_it_is_read_as_the_same(name, value, stored, words):
    assert as_stored(value) == stored
    assert read_value(name, stored) == value
    assert words_of(name, value) == words


@pytest.mark.parametrize(
    ("stored", "found"),
    [
        ({}, {"GS1"}),
        ({"change_share": 0.35}, set()),
        (OWN, set()),
        ({"questions": {"T-A02": OWN["questions"]["T-A01"]}}, {"GS1"}),
        ({"off": ["GS1"]}, set()),
        ({"off": ["GS1 T-A01"]}, set()),
        ({"off": ["GS1 T-A02"]}, {"GS1"}),
        ({"questions": {"T-A01": {"USUAL": {"usual": [1, 120]}}}}, {"GS1", "USUAL"}),
    ],
)
def test_a_threshold_counts_for_the_questions_it_is_set_for(one_figure, stored, found):
    thresholds = read_thresholds(stored)

    assert rules_of(one_figure, GROWN, last_year=BEFORE, thresholds=thresholds) == found


def test_the_same_figures_as_last_year_can_be_switched_off():
    questionnaire = small(*(number(code, last_year="shown") for code in ("T-A01", "T-A02", "T-A03")))
    answers = {code: {"v": 7} for code in ("T-A01", "T-A02", "T-A03")}

    assert rules_of(questionnaire, answers, last_year=answers) == {"GS4"}
    assert (
        rules_of(questionnaire, answers, last_year=answers, thresholds=read_thresholds({"off": ["GS4"]}))
        == set()
    )


@pytest.mark.parametrize(("percent", "found"), [(1, set()), (5, {"GS6"}), (2, set())])
def test_peers_are_compared_at_the_share_that_is_set(one_figure, percent, found):
    percentiles = {"T-A01": {1: (1, 200), 5: (10, 120)}}
    thresholds = Thresholds(peer_percent=percent)

    assert rules_of(one_figure, GROWN, percentiles=percentiles, thresholds=thresholds) == found


def test_what_may_be_set_is_what_a_rule_goes_by(one_figure):
    question = one_figure.question("T-A01")
    by_id = {rule.id: rule for rule in question.rules}

    assert tunable(by_id["GS1"], question) == ("change_share", "change_least")
    assert tunable(by_id["GS2"], question) == ()
    assert tunable(by_id["USUAL"], question) == ("usual",)
    assert tunable(Rule("X", "soft", "share_above", {"of": "T-A01", "percent_at_most": 30}), question) == (
        "percent_at_most",
    )
    assert tunable(Rule("X", "hard", "share_above", {"percent_at_most": 30}), question) == ()


def test_a_tried_threshold_stands_beside_the_others_and_switches_its_rule_on(one_figure):
    today = read_thresholds(
        {"off": ["GS1 T-A01", "GS7"], "questions": {"T-A01": {"GS6": {"peer_percent": 5}}}}
    )

    tried = with_own(today, "T-A01", "GS1", {"change_share": "0.1", "change_least": 0})

    question, rule = soft_rule(one_figure, "T-A01", "GS1")
    assert in_force(rule, question, tried) == {"change_share": Decimal("0.1"), "change_least": 0}
    assert tried.own("T-A01", "GS6") == {"peer_percent": 5}
    assert tried.off == {"GS7"}


def test_a_hard_rule_is_no_soft_rule():
    hard = {"id": "H1", "severity": "hard", "check": "at_most", "of": "T-A01"}
    questionnaire = small(number("T-A01"), number("T-A02", rules=[hard]))

    assert soft_rule(questionnaire, "T-A02", "H1") is None
    assert soft_rule(questionnaire, "T-A09", "GS1") is None


def test_a_rule_says_whether_it_could_be_checked(one_figure):
    question, rule = soft_rule(one_figure, "T-A01", "GS1")
    context = Context(year=YEAR, last_year=BEFORE)

    assert run(Case(one_figure, {}, context), question, rule) == ([], False)
    assert run(Case(one_figure, {"T-A01": {"v": 101}}, context), question, rule) == ([], True)
    found, is_checkable = run(Case(one_figure, GROWN, context), question, rule)
    assert (len(found), is_checkable) == (1, True)


def test_a_rule_may_want_words():
    rule = {"id": "X1", "severity": "soft", "check": "outside", "high": 5, "words": "yes"}
    questionnaire = small(number("T-A01", rules=[rule]), number("T-A02", rules=[without_words(rule)]))

    problems = evaluate(questionnaire, {"T-A01": {"v": 9}, "T-A02": {"v": 9}}, Context(year=YEAR)).problems

    assert [(problem.rule, problem.words_wanted) for problem in problems] == [("X1", True), ("X2", False)]


def without_words(rule):
    return {name: value for name, value in rule.items() if name != "words"} | {"id": "X2"}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("change_share", Decimal("0.4"), "more than 40% from last year"),
        ("pay_per_wte", (12_000, 120_000), "pay for each WTE outside £12,000 to 120,000"),
        ("percent_at_most", 30, "more than 30%"),
        ("children_each", 7, "children each 7"),
    ],
)
def test_a_threshold_says_when_a_rule_speaks(name, value, words):
    assert said_of(name, value) == words


def test_thresholds_are_said_in_the_order_in_which_they_are_set():
    assert in_their_order({"change_least": 5, "of": 1, "low": 0, "change_share": 1}) == [
        "change_share",
        "change_least",
        "low",
        "of",
    ]

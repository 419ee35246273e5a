"""Every rule of every questionnaire, by its examples: it finds what it should and lets pass what it should."""

import pytest

from questionnaires.definition import build
from questionnaires.examples import BadExample, examples_of
from questionnaires.integrity import read_with, unnamed_modules
from questionnaires.sources import FOLDER, LISTS
from tests.unit.questionnaires.helpers import YEAR

QUESTIONNAIRES = [
    build(read_with(path, unnamed_modules(path))[1], YEAR)
    for path in sorted(FOLDER.glob("*.yaml"))
    if path.name != LISTS
]
BY_QUESTION = {code: questionnaire for questionnaire in QUESTIONNAIRES for code in questionnaire.questions}
EXAMPLES = examples_of()


@pytest.mark.parametrize(
    "example", EXAMPLES, ids=lambda example: f"{example.where} {example.rule} {example.question}"
)
def test_rule_finds_the_example_that_fails_and_not_the_one_that_passes(example):
    questionnaire = BY_QUESTION[example.question]

    assert example.is_found(example.fails, questionnaire)
    assert not example.is_found(example.passes, questionnaire)


def test_every_rule_has_an_example():
    rules = {rule.id for code, of in BY_QUESTION.items() for rule in of.question(code).rules}

    assert sorted(rules - {example.rule for example in EXAMPLES}) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {rule: R1, passes: {}, fails: {}}", "few.yaml:1: an example has rule, question"),
        (
            "- {rule: R1, question: T1, passes: {answer: {}}, fails: {}}",
            "few.yaml:1: a situation has no 'answer'",
        ),
    ],
)
def test_example_that_cannot_be_read_is_named(tmp_path, text, message):
    (tmp_path / "few.yaml").write_text(text)

    with pytest.raises(BadExample, match=message):
        examples_of(tmp_path)

"""Whatever is typed into any questionnaire: nothing crashes, nothing is lost, and complete means answered."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.answer_types import Invalid
from questionnaires.cells import Special
from questionnaires.evaluation import evaluate
from questionnaires.filling import fill
from questionnaires.sources import FOLDER, LISTS
from tests.unit.questionnaires.helpers import any_questionnaire
from tests.unit.questionnaires.test_filling import CATEGORIES, context_about, context_of

# One example fills a whole questionnaire: a fifth of the usual number takes as long as others.
FEWER = settings(max_examples=max(10, settings.default.max_examples // 5))
KEYS = [path.stem for path in sorted(FOLDER.glob("*.yaml")) if path.name != LISTS]
JUNK = [
    "-1",
    "0",
    "1e9",
    "12,5",
    "zwölf",
    "=1+1",
    "31 February 2009",
    "25:00",
    "  ",
    "NK",
    "NA",
    "x" * 3000,
    "\x00",
    "½",
]
SENSIBLE = [
    "1",
    "18",
    "12.50",
    "yes",
    "no",
    "30 November 2009",
    "09:30",
    "5pm",
    "Team leader",
    "M32 0TH",
    "2009",
]


@st.composite
def situations(draw, key):
    """A questionnaire with the context of some category, a seed, and texts to be typed into some of its cells."""
    questionnaire = any_questionnaire(key)
    if key == "service":
        context = context_of(draw(st.sampled_from(CATEGORIES)))
    else:
        context = context_about(questionnaire)
    cells = [cell for code in questionnaire.questions for cell in questionnaire.cells(code)]
    some = draw(st.lists(st.sampled_from(cells), max_size=60, unique_by=lambda cell: cell.id))
    typed = {cell: draw(text_for(cell.field)) for cell in some}
    return questionnaire, context, draw(st.integers(0, 2**32)), typed


def text_for(field):
    """What somebody may type: an option, something sensible, or rubbish."""
    options = [option.key for option in field.options] + [option.label for option in field.options]
    return (
        st.sampled_from(options + SENSIBLE + JUNK) | st.text(max_size=30) | st.integers(-5, 10**12).map(str)
    )


def taken(typed):
    """The cells that were taken, as stored; each reads back as what was typed meant."""
    kept = {}
    for cell, text in typed.items():
        kind = cell.field.kind
        raw = [text] if cell.field.type == "many" else text
        try:
            value = kind.parse(raw, cell.field)
        except Invalid as refused:
            assert str(refused), "a refusal says why"
            continue
        stored = kind.stored(value)
        assert (stored is None) == (value is None)
        if stored is not None:
            assert kind.value(stored) == value
            assert kind.shown(stored, cell.field)
            kept[cell.id] = stored
    return kept


@pytest.mark.parametrize("key", KEYS)
@FEWER
@given(data=st.data())
def test_anything_typed_anywhere_is_taken_or_refused_and_never_lost(key, data):
    questionnaire, context, seed, typed = data.draw(situations(key))
    filled = fill(questionnaire, context, Random(seed)).answers
    new = taken({cell: text for cell, text in typed.items() if not cell.question.formula})
    answers = filled | new
    before = dict(answers)

    evaluation = evaluate(questionnaire, answers, context)

    assert answers == before
    if evaluation.progress == "complete":
        assert unanswered(questionnaire, evaluation, answers, context) == []


@pytest.mark.parametrize("key", KEYS)
@FEWER
@given(data=st.data())
def test_without_one_mandatory_answer_nothing_is_complete(key, data):
    questionnaire, context, seed, _ = data.draw(situations(key))
    filled = fill(questionnaire, context, Random(seed))
    assert filled.is_complete
    single = [
        code
        for code, cells in filled.evaluation.asked.items()
        if is_mandatory(questionnaire, code, context) and len(cells) == 1 and code in filled.answers
    ]
    code = data.draw(st.sampled_from(single))
    fewer = {cell: stored for cell, stored in filled.answers.items() if cell != code}

    evaluation = evaluate(questionnaire, fewer, context)

    assert code not in evaluation.asked or evaluation.progress != "complete"
    assert code not in evaluation.asked or code in evaluation.missing


def is_mandatory(questionnaire, code, context):
    """Whether the definition itself calls a question mandatory, and neither softens nor lifts that here."""
    question = questionnaire.question(code)
    soft = context.category is not None and context.category.activity_is_expected_only
    section = questionnaire.section(question.section)
    is_softened = soft and section.hard_to_collect
    return question.mandatory == "yes" and not question.stored_in and not question.formula and not is_softened


def unanswered(questionnaire, evaluation, answers, context):
    """The mandatory visible questions without any answer: told from the definition, not from the evaluation."""
    relaxed = questionnaire.relaxed_when is not None and answers.get("SVC-A10", {}).get("v") in (
        "closed",
        "merged",
    )
    return [
        code
        for code, cells in evaluation.asked.items()
        if not relaxed
        and is_mandatory(questionnaire, code, context)
        and questionnaire.question(code).rows_needed == "all"
        and not questionnaire.question(code).is_repeatable
        and not any(cell.id in answers for cell in cells)
    ]


def test_a_special_answer_is_an_answer():
    questionnaire = any_questionnaire("service")
    context = context_of("15")
    filled = fill(questionnaire, context, Random(1))
    answers = filled.answers | {"SVC-F01": {"s": Special.NOT_KNOWN.value}}

    assert "SVC-F01" not in evaluate(questionnaire, answers, context).missing

"""What the book of a collection holds, as plain data: questionnaires, sections, questions in words."""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import lru_cache

from questionnaires import describing
from questionnaires.examples import rule_texts
from questionnaires.models import Pin
from questionnaires.queries import dates_of, definition_of
from questionnaires.wording import worded

PARTS = ("services", "organisation", "finance")


@dataclass(frozen=True)
class RuleEntry:
    """A check of a question: its id, whether it is hard or soft, and what it says."""

    id: str
    severity: str
    text: str


@dataclass(frozen=True)
class PartEntry:
    """A row or column of a table: what it is called, how a column is answered, and when it is asked."""

    label: str
    answer: describing.AnswerInWords | None = None
    asked: str = ""


@dataclass(frozen=True)
class QuestionEntry:
    """One question.

    asked: its condition in words. marks: what else holds, such as what becomes of last year's answer.
    """

    key: str
    code: str
    label: str
    help: str
    answer: describing.AnswerInWords
    period: str
    need: str
    asked: str
    rows: tuple[PartEntry, ...]
    columns: tuple[PartEntry, ...]
    rules: tuple[RuleEntry, ...]
    marks: tuple[str, ...]


@dataclass(frozen=True)
class SectionEntry:
    key: str
    title: str
    intro: str
    policy: str
    asked: str
    questions: tuple[QuestionEntry, ...]


@dataclass(frozen=True)
class QuestionnaireEntry:
    key: str
    code: str
    title: str
    part: str
    respondents: tuple[str, ...]
    sections: tuple[SectionEntry, ...]

    @property
    def number(self):
        """How many questions it has."""
        return sum(len(section.questions) for section in self.sections)


@dataclass(frozen=True)
class Book:
    """All that a collection asks, in the order in which it is answered."""

    year: str
    questionnaires: tuple[QuestionnaireEntry, ...]

    @property
    def number(self):
        return sum(entry.number for entry in self.questionnaires)

    @property
    def sha256(self):
        """Names the content: a file of a book is as old as its definitions, never older."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


def book_of(collection):
    """The Book of a collection: its pinned definitions, with its own dates in the texts."""
    pins = Pin.objects.filter(collection=collection).values_list("part_kind", "key", "definition_version_id")
    ordered = sorted(pins, key=lambda pin: (PARTS.index(pin[0]), pin[1]))
    versions = tuple(version for _, _, version in ordered)
    return _book(collection.name, versions, dates_of(collection))


@lru_cache(maxsize=8)
def _book(year, versions, dates):
    return Book(year, tuple(_questionnaire(definition_of(version, year), dates) for version in versions))


def _questionnaire(definition, dates):
    questionnaire = worded(definition, dates)
    words = dates.words()
    return QuestionnaireEntry(
        key=questionnaire.key,
        code=questionnaire.code,
        title=questionnaire.title,
        part=questionnaire.part,
        respondents=tuple(describing.RESPONDENTS[code] for code in questionnaire.respondents),
        sections=tuple(_section(section, questionnaire, words) for section in questionnaire.sections),
    )


def _section(section, questionnaire, words):
    return SectionEntry(
        key=section.key,
        title=section.title,
        intro=section.intro,
        policy=section.policy,
        asked=describing.condition_words(section.when, questionnaire),
        questions=tuple(_question(question, questionnaire, words) for question in section.questions),
    )


def _question(question, questionnaire, words):
    return QuestionEntry(
        key=question.key,
        code=question.code,
        label=question.label,
        help=question.help,
        answer=describing.answer_words(question),
        period=describing.period_words(question, words),
        need=describing.need_words(question, questionnaire),
        asked=describing.condition_words(question.when, questionnaire),
        rows=tuple(
            PartEntry(row.label, asked=describing.condition_words(row.when, questionnaire))
            for row in question.rows
        ),
        columns=tuple(
            PartEntry(
                column.head,
                describing.column_words(column),
                describing.condition_words(column.needed_when, questionnaire),
            )
            for column in question.columns
        ),
        rules=tuple(
            RuleEntry(rule.id, rule.severity, describing.rule_words(rule, rule_texts()))
            for rule in question.rules
            if not describing.is_global(rule)
        ),
        marks=tuple(_marks(question)),
    )


def _marks(question):
    yield from filter(
        None, (describing.LAST_YEAR[question.last_year], describing.DIRECTORY[question.directory])
    )
    if question.suppress:
        yield "Small numbers are held back"

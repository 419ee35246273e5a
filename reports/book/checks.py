"""The catalogue of checks: each rule of a collection in words, where it holds, and an example of both kinds.

The examples are those that the tests evaluate, so the catalogue cannot promise what the site does not do.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import lru_cache

from questionnaires import describing
from questionnaires.across_examples import across_examples
from questionnaires.cells import split_cell_id
from questionnaires.evaluation import SAME_FIGURES, Context, evaluate
from questionnaires.examples import examples_of, rule_texts
from questionnaires.models import Pin
from questionnaires.queries import dates_of, definition_of
from questionnaires.rules import CHECKS, read_thresholds
from questionnaires.rules.across import found_in
from questionnaires.rules.thresholds import OF_ALL, in_their_order, said_of

SEVERITIES = {"hard": "Must be put right", "soft": "Asks for a reason"}
EVERYWHERE = "Every figure, date or text of its kind"
MANY_QUESTIONS = 12


@dataclass(frozen=True)
class ExampleEntry:
    """Answers as lines of (what is asked, answer). same: of both; message: what the site says of those that fail."""

    question: str
    same: tuple[tuple[str, str], ...]
    passes: tuple[tuple[str, str], ...]
    fails: tuple[tuple[str, str], ...]
    message: str


@dataclass
class CheckEntry:
    """One rule. questions: (questionnaire key, question key, code) where it holds."""

    id: str
    severity: str
    text: str
    questionnaires: list[str] = field(default_factory=list)
    questions: list[tuple[str, str, str]] = field(default_factory=list)
    example: ExampleEntry | None = None
    settings: tuple[str, ...] = ()  # of the collection that it goes by at all questions
    anchor: str = ""
    limits: tuple[str, ...] = ()  # by what it speaks in this collection, in sentences

    @property
    def severity_words(self):
        return SEVERITIES[self.severity]

    @property
    def is_everywhere(self):
        """Whether it holds wherever it can, so that a list of questions tells nothing."""
        return len(self.questions) > MANY_QUESTIONS

    def says(self, words):
        """Whether its id, text or a question's code holds the words."""
        told = f"{self.id} {self.text} {' '.join(code for _, _, code in self.questions)}"
        return words.lower() in told.lower()


def checks_of(collection):
    """The CheckEntries of a collection, in the order of questionnaires and questions, general ones first."""
    pins = Pin.objects.filter(collection=collection).order_by("-part_kind", "key")
    versions = tuple(pins.values_list("definition_version_id", flat=True))
    found = _checks(collection.name, versions, dates_of(collection))
    thresholds = read_thresholds(collection.thresholds)
    return [replace(entry, limits=tuple(_limits(entry, thresholds))) for entry in found]


def _limits(entry, thresholds):
    """By what a check speaks as the collection has set it; nothing where its text says it all."""
    if entry.id in thresholds.off:
        yield "Switched off."
        return
    if entry.settings:
        yield f"In this collection: {_and(said_of(name, getattr(thresholds, name)) for name in entry.settings)}."
    for _, key, code in entry.questions:
        if thresholds.is_off(key, entry.id):
            yield f"Switched off at {code}."
        elif own := thresholds.own(key, entry.id):
            yield f"At {code}: {_and(said_of(name, own[name]) for name in in_their_order(own))}."


def _and(words):
    return " and ".join(words)


@lru_cache(maxsize=4)
def _checks(year, versions, dates):
    questionnaires = [definition_of(version, year) for version in versions]
    examples = {(example.rule, example.question): example for example in examples_of()}
    texts = rule_texts()
    found = {}
    for questionnaire in questionnaires:
        for question in questionnaire.questions.values():
            for rule in question.rules:
                _note(found, rule, question, questionnaire, texts)
        _note_sections(found, questionnaire, texts)
    of_question = {code: q for q in questionnaires for code in q.questions}
    for (rule, code), example in examples.items():
        for entry in found.values():
            if entry.id == rule and entry.example is None and code in of_question:
                entry.example = _example(example, of_question[code], dates)
    by_size = sorted(found.values(), key=lambda entry: not entry.is_everywhere)
    return _anchored([*by_size, *_across_organisations(of_question)])


def _anchored(entries):
    """The entries, each with a name of its own for links: the rule's, where its checks differ with a number."""
    times = Counter()
    for entry in entries:
        times[entry.id] += 1
        entry.anchor = entry.id if times[entry.id] == 1 else f"{entry.id}-{times[entry.id]}"
    return tuple(entries)


def _note(found, rule, question, questionnaire, texts):
    """Take in that a question carries a rule; one id that stands for several checks is told by its text."""
    text = describing.rule_words(rule, texts)
    entry = found.setdefault((rule.id, rule.severity, text), CheckEntry(rule.id, rule.severity, text))
    place = questionnaire.key, question.key, question.code
    if place not in entry.questions:
        entry.questions.append(place)
    known = {*entry.settings, *CHECKS[rule.check].settings}
    entry.settings = tuple(name for name in OF_ALL if name in known)
    if questionnaire.title not in entry.questionnaires:
        entry.questionnaires.append(questionnaire.title)


def _note_sections(found, questionnaire, texts):
    """Take in the rule about whole sections, which holds where last year is shown; no question carries it."""
    compared = [question for question in questionnaire.questions.values() if question.last_year == "shown"]
    if not compared:
        return
    entry = CheckEntry(SAME_FIGURES, "soft", texts[SAME_FIGURES], settings=("same_figures_least",))
    entry = found.setdefault((SAME_FIGURES, "soft", entry.text), entry)
    entry.questionnaires.append(questionnaire.title)
    entry.questions += [(questionnaire.key, question.key, question.code) for question in compared]


def _example(example, questionnaire, dates):
    same = {
        cell: stored
        for cell, stored in example.passes.answers.items()
        if example.fails.answers.get(cell) == stored
    }
    known = {"year": questionnaire.year, "dates": dates} | dict(example.fails.known)
    problems = evaluate(questionnaire, example.fails.answers, Context(**known)).problems
    message = next(
        (p.message for p in problems if (p.rule, p.question) == (example.rule, example.question)), ""
    )
    return ExampleEntry(
        question=questionnaire.question(example.question).code,
        same=(
            *_circumstances(example.passes.known, example.fails.known, questionnaire),
            *_lines(same, questionnaire),
        ),
        passes=_own_lines(example.passes, example.fails, same, questionnaire),
        fails=_own_lines(example.fails, example.passes, same, questionnaire),
        message=message,
    )


def _own_lines(situation, other, same, questionnaire):
    """What one situation has for itself: a blank is told where the other one has an answer."""
    own = {cell: stored for cell, stored in situation.answers.items() if cell not in same}
    blank = {cell: None for cell in other.answers if cell not in situation.answers}
    special = {name: value for name, value in situation.known.items() if other.known.get(name) != value}
    return (*_known_lines(special, questionnaire), *_lines(own | blank, questionnaire))


def _circumstances(passes, fails, questionnaire):
    """What is known in both situations alike, beside the answers."""
    same = {name: value for name, value in passes.items() if fails.get(name) == value}
    return _known_lines(same, questionnaire)


def _known_lines(known, questionnaire):
    """What is known beside the answers, as lines of (what, how it is)."""
    return tuple(line for name, value in known.items() for line in KNOWN[name](value, questionnaire))


def _last_year(answers, questionnaire):
    return [(f"Last year, {label}", text) for label, text in _lines(answers, questionnaire)]


def _entry(kept, _):
    return [
        (key.replace("_", " ").capitalize(), str(text)) for key, text in kept.items() if key != "category"
    ]


def _populations(areas, _):
    return [
        (f"Residents of {area}, {band}", f"{n:,}") for area, of in areas.items() for band, n in of.items()
    ]


def _percentiles(known, questionnaire):
    ends = ((code, pair) for code, of in known.items() for pair in of.values())
    label = "Nearly all services of the category, {}"
    return [(label.format(_label(code, questionnaire)), f"{low:,} to {high:,}") for code, (low, high) in ends]


def _carried(years, questionnaire):
    return [(f"{_label(code, questionnaire)}, unchanged for", f"{n} years") for code, n in years.items()]


# What an example may know beside its answers (``questionnaires.examples.KNOWN``), each as lines.
KNOWN = {
    "category": lambda value, _: [("Category", f"{value.code} {value.name}")],
    "organisation_types": lambda roles, _: [
        ("Answered by", ", ".join(describing.RESPONDENTS[code] for code in sorted(roles)))
    ],
    "authority_type": lambda kind, _: [("Authority", kind.replace("_", " "))],
    "service_categories": lambda codes, _: [("Categories on the list", ", ".join(sorted(codes)) or "none")],
    "form": lambda form, _: [("Form", form)],
    "entry": _entry,
    "last_year": _last_year,
    "service_sums": lambda sums, _: [
        (f"Sum over the services, {split_cell_id(cell)[0]}", f"{value:,}") for cell, value in sums.items()
    ],
    "populations": _populations,
    "outcodes": lambda known, _: [(f"{code} lies in", ", ".join(sorted(of))) for code, of in known.items()],
    "peers": lambda peers, _: [("Another service", peer.name) for peer in peers],
    "carried_years": _carried,
    "percentiles": _percentiles,
    "today": lambda day, _: [("Today", f"{day.day} {day:%B %Y}")],
}


def _lines(answers, questionnaire):
    return tuple(
        (_label(cell, questionnaire), _shown(cell, stored, questionnaire)) for cell, stored in answers.items()
    )


def _label(cell, questionnaire):
    code, row, column = split_cell_id(cell)
    question = questionnaire.question(code)
    names = [question.name]
    if row and question.row(row):
        names.append(question.row(row).name)
    if column and len(question.columns) > 1:
        names.append(question.column(column).name)
    return f"{question.code} {', '.join(names)}"


def _shown(cell, stored, questionnaire):
    if not stored:
        return "blank"
    code, _, column = split_cell_id(cell)
    own = questionnaire.question(code).field_of(column)
    return own.kind.shown(stored, own)


# Rules that look at what several organisations have submitted


def _across_organisations(of_question):
    """The CheckEntries of rules whose findings a job leaves with each organisation."""
    entries = {}
    for example in across_examples():
        questionnaire = of_question.get(example.question)
        if questionnaire is None:
            continue
        question = questionnaire.question(example.question)
        entry = entries.setdefault(example.rule, CheckEntry(example.rule, "soft", example.text))
        place = questionnaire.key, question.key, question.code
        if place not in entry.questions:
            entry.questions.append(place)
            entry.questionnaires.append(questionnaire.title)
        entry.example = entry.example or _across_example(example, question.code, of_question)
    return entries.values()


def _across_example(example, code, of_question):
    found = (one for one in found_in(example.fails) if one.rule == example.rule)
    return ExampleEntry(
        question=code,
        same=(),
        passes=_scene_lines(example.passes, of_question),
        fails=_scene_lines(example.fails, of_question),
        message=next((one.message for one in found), ""),
    )


def _scene_lines(scene, of_question):
    """What each organisation of a scene has submitted, and what partners have said."""
    lines = []
    for one in scene.submitted:
        named = " ".join(filter(None, (one.organisation, one.name and f"“{one.name}”", one.category)))
        answers = {
            cell: stored for cell, stored in one.answers.items() if split_cell_id(cell)[0] in of_question
        }
        told = [
            f"{_label(cell, of_question[split_cell_id(cell)[0]])}: "
            f"{_shown(cell, stored, of_question[split_cell_id(cell)[0]])}"
            for cell, stored in answers.items()
        ]
        lines.append((named, "; ".join(told) or "submitted"))
    said = {True: "confirms", False: "says no", None: "has not replied"}
    return (*lines, *((reply.partner, said[reply.answer]) for reply in scene.replies))

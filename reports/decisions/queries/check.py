"""What stands between now and submitting: a line for each response that is owed, worst first.

Counts come from the summaries that every save keeps; only the responses of the page shown are evaluated, for their
messages. A return has a few hundred responses at most, so the lines are read whole, in a fixed number of queries.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.db.models.fields.json import KeyTextTransform

from mapping.core import clock
from mapping.returns.addresses import page
from mapping.returns.models import PartKind, ServiceEntry
from mapping.returns.workflow import UNLOCKED, Decision, Progress
from questionnaires.actions import record_summary, summarise
from questionnaires.evaluation import evaluate
from questionnaires.models import Delegation, Explanation, Pin, Response
from questionnaires.queries import (
    context_of,
    definition_of,
    listed_peers,
    questionnaire_of,
    responses,
    with_earlier,
)
from questionnaires.queries.about import compared_with_services
from questionnaires.queries.blocks import html_id

PAGE_LENGTH = 20
MESSAGES_SHOWN = 5


@dataclass(frozen=True)
class Asked:
    """Somebody who was asked to answer a response, or one section of it."""

    name: str
    section: str
    due_on: date | None
    nudge_url: str = ""

    @property
    def days_late(self):
        return max((clock.today() - self.due_on).days, 0) if self.due_on else 0


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong or unusual, with the address of its field."""

    sign: str
    text: str
    url: str


@dataclass
class SectionLeft:
    """What is left in one section of a response; ``more``: findings that are not listed."""

    key: str
    url: str
    errors: int = 0
    unusual: int = 0
    missing: int = 0
    unconfirmed: int = 0
    title: str = ""
    asked: list[Asked] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    more: int = 0

    @property
    def errors_words(self):
        return f"{self.errors} error{'' if self.errors == 1 else 's'}"

    @property
    def unusual_words(self):
        return f"{self.unusual} to explain"

    @property
    def is_left(self):
        return bool(self.errors or self.unusual or self.missing or self.unconfirmed)


@dataclass
class Line:
    """A response that a part owes. ``response`` is None until somebody has opened it."""

    part: object
    name: str
    under: str
    url: str
    entry: ServiceEntry | None = None
    response: Response | None = None
    sections: list[SectionLeft] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    @property
    def progress(self):
        return self.response.progress if self.response else Progress.NOT_STARTED.value

    @property
    def is_complete(self):
        return self.progress == Progress.COMPLETE

    @property
    def is_not_started(self):
        return self.progress == Progress.NOT_STARTED

    def count(self, what):
        return sum(getattr(section, what) for section in self.sections)

    @property
    def everybody(self):
        """All who were asked, for the whole or for a section of it."""
        return [*self.asked, *(asked for section in self.sections for asked in section.asked)]

    @property
    def is_unasked(self):
        return not self.is_complete and not self.everybody

    @property
    def days_late(self):
        return 0 if self.is_complete else max((asked.days_late for asked in self.everybody), default=0)

    @property
    def late_words(self):
        return f"{self.days_late} day{'' if self.days_late == 1 else 's'} late"

    @property
    def urgency(self):
        """Sorts by what helps most: errors, then what is to be explained, what is late, what is nearly done."""
        return (
            self.is_complete,
            not self.count("errors"),
            not self.count("unusual"),
            -self.days_late,
            self.is_not_started,
            self.count("missing"),
            self.name.lower(),
        )


FILTERS = {
    "": ("All that is left", lambda line: not line.is_complete),
    "errors": ("Errors", lambda line: line.count("errors") > 0),
    "unusual": ("To explain", lambda line: line.count("unusual") > 0),
    "missing": ("Missing", lambda line: line.count("missing") > 0),
    "unconfirmed": ("To confirm", lambda line: line.count("unconfirmed") > 0),
    "not_started": ("Not started", lambda line: line.is_not_started),
    "unasked": ("No one asked yet", lambda line: line.is_unasked),
    "late": ("Late", lambda line: line.days_late > 0),
    "complete": ("Complete", lambda line: line.is_complete),
}


def lines_of(annual_return, parts, user):
    """The Lines of all parts, the most urgent first; four queries however many there are."""
    by_kind = {part.kind: part for part in parts}
    kept, asked = _responses(annual_return, user), _asked(annual_return, user)
    lines = []
    if services := by_kind.get(PartKind.SERVICES):
        entries = ServiceEntry.objects.visible_to(user).filter(annual_return=annual_return).open()
        lines += [_service_line(services, entry, kept, asked) for entry in entries.select_related("service")]
    for pin in _pins(annual_return):
        _compare_afresh(annual_return, pin, kept)
        if pin.part_kind in by_kind and pin.part_kind != PartKind.SERVICES:
            lines.append(_organisation_line(by_kind[pin.part_kind], pin, kept, asked))
    return sorted(lines, key=lambda line: line.urgency)


def _responses(annual_return, user):
    """(entry, None) or (None, pin) -> Response, without its answers."""
    found = Response.objects.visible_to(user).filter(part__annual_return=annual_return).defer("cells")
    return {_place(response.service_entry_id, response.pin_id): response for response in found}


def _place(entry_id, pin_id):
    return (entry_id, None) if entry_id else (None, pin_id)


def _asked(annual_return, user):
    """Response id -> those who were asked to answer it."""
    standing = Delegation.objects.visible_to(user).standing().filter(annual_return=annual_return)
    found = {}
    for one in standing.select_related("to", "invitation"):
        if one.to_id is None:
            name = one.invitation.name or one.invitation.email
        else:
            name = "you" if one.to_id == user.pk else str(one.to)
        nudge_url = page("questionnaires:nudge", annual_return, delegation=one.pk) if name != "you" else ""
        found.setdefault(one.response_id, []).append(Asked(name, one.section, one.due_on, nudge_url))
    return found


def _pins(annual_return):
    """What the collection asks of the organisation as its list stands, with titles."""
    return Pin.objects.owed(annual_return).annotate(
        asked_title=KeyTextTransform("title", "definition_version__content")
    )


def _compare_afresh(annual_return, pin, kept):
    """What is compared with the services counts as they stand now, not as they did when somebody last saved it."""
    place = None, pin.pk
    questionnaire = definition_of(pin.definition_version_id, annual_return.collection.name)
    if place in kept and compared_with_services(questionnaire):
        kept[place] = responses().get(pk=kept[place].pk)
        summarise(kept[place], context_of(kept[place]))


def _service_line(part, entry, kept, asked):
    line = Line(
        part,
        entry.name,
        entry.category_label,
        page("questionnaires:start", part.annual_return, entry=entry.pk),
        entry=entry,
    )
    return _filled(line, kept.get((entry.pk, None)), asked)


def _organisation_line(part, pin, kept, asked):
    url = page("questionnaires:start_questionnaire", part.annual_return, key=pin.key)
    return _filled(Line(part, pin.asked_title, part.get_kind_display(), url), kept.get((None, pin.pk)), asked)


def _filled(line, response, asked):
    """The line with what is left in each section of its response and who owes it."""
    if response is None:
        return line
    everybody = asked.get(response.pk, [])
    line.response, line.asked = response, [one for one in everybody if not one.section]
    line.url = page("questionnaires:response", line.part.annual_return, response=response.pk)
    line.sections = _sections_left(line, [one for one in everybody if one.section])
    return line


def _sections_left(line, asked):
    """What is left in each section of the line's response by its summary; asked: those asked for one section."""
    return [
        SectionLeft(
            key,
            page("questionnaires:section", line.part.annual_return, response=line.response.pk, section=key),
            errors=state["hard"],
            unusual=state["soft_open"],
            missing=state["missing"],
            unconfirmed=state["unconfirmed"],
            asked=[one for one in asked if one.section == key],
        )
        for key, state in sorted(line.response.sections.items())
    ]


# -- What somebody wants to see -------------------------------------------------------------------------------


def found(lines, person):
    """The lines that ``person`` was asked for; all of them for nobody in particular."""
    return [line for line in lines if not person or person in [one.name for one in line.everybody]]


def chosen(lines, only):
    return [line for line in lines if FILTERS[only][1](line)]


def counts_of(lines):
    """Filter -> how many lines it lets through; those without any are left out, the first stays."""
    counts = {only: len(chosen(lines, only)) for only in FILTERS}
    return {only: count for only, count in counts.items() if count or only == ""}


def people_of(lines):
    """Everybody who was asked for something, by name."""
    return sorted({one.name for line in lines for one in line.everybody})


# -- Messages of the responses shown --------------------------------------------------------------------------


def with_findings(lines, user):
    """Evaluate the responses of ``lines`` and give their sections titles and findings; three queries."""
    ids = [line.response.pk for line in lines if line.response and not line.is_complete]
    whole = {response.pk: response for response in _with_earlier(lines, user, ids)}
    peers = peers_beside(whole.values())
    explained = _explanations(ids)
    for line in lines:
        if line.response and (response := whole.get(line.response.pk)):
            context = context_of(response, listed=peers)
            line.response, questionnaire = response, questionnaire_of(response)
            evaluation = evaluate(questionnaire, response.cells, context, explained.get(response.pk, {}))
            _add_findings(line, questionnaire, evaluation)
    return lines


def _with_earlier(lines, user, ids):
    """The responses of some lines with what was answered before."""
    if not ids:
        return []
    part = lines[0].part
    found = responses().visible_to(user).filter(pk__in=ids)
    return with_earlier(found, part.organisation_id, part.collection.year)


def _add_findings(line, questionnaire, evaluation):
    """Give the line what was just evaluated: its summary may be of another version of the questionnaire."""
    listed = Counter()
    record_summary(line.response, evaluation)
    line.sections = _sections_left(line, [one for section in line.sections for one in section.asked])
    order = [section.key for section in questionnaire.sections]
    line.sections.sort(key=lambda section: order.index(section.key))
    for section in line.sections:
        section.title = questionnaire.section(section.key).title
    by_key = {section.key: section for section in line.sections}
    problems = [problem for problem in evaluation.problems if problem.is_open]
    for problem in sorted(problems, key=lambda problem: problem.severity != "hard"):
        section = by_key[problem.section]
        if listed[section.key] < MESSAGES_SHOWN:
            section.findings.append(_finding(section, questionnaire, problem))
            listed[section.key] += 1
        else:
            section.more += 1


def _finding(section, questionnaire, problem):
    question = questionnaire.question(problem.question)
    where = f"{question.name}, {problem.where}" if problem.where else question.name
    sign = "error" if problem.severity == "hard" else "unusual"
    return Finding(sign, f"{where}: {problem.message}", f"{section.url}#{place_of(question, problem)}")


def place_of(question, problem):
    """The id of the field that a problem is shown at, or of its question where it is about a whole table."""
    cell = problem.cells[0]
    return f"q-{question.key}" if question.is_table and "|" not in cell else html_id(cell)


def _explanations(ids):
    found = {}
    rows = Explanation.objects.filter(response__in=ids).values_list("response", "rule", "cell", "given_for")
    for response, rule, cell, given_for in rows:
        found.setdefault(response, {})[rule, cell] = given_for
    return found


def peers_beside(found):
    """The list that some responses of one return are about, as rules compare with it; nothing without services."""
    entry = next((response.service_entry for response in found if response.service_entry), None)
    return listed_peers(entry.annual_return_id) if entry else []


# -- The most useful next step --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    title: str
    text: str = ""
    url: str = ""
    action: str = ""


def step_of_lead(annual_return, parts, lines, names):
    """What a lead should do first. ``names``: of the directors, or empty."""
    open_parts = [part for part in parts if Decision(part.decision) in UNLOCKED]
    for part in open_parts:
        if part.progress == Progress.COMPLETE:
            return _submit(annual_return, part, names)
    workable = {part.kind for part in open_parts if part.takes_answers}
    left = [line for line in lines if line.part.kind in workable and not line.is_complete]
    if left:
        return _first_of(left)
    services = next((part for part in open_parts if part.kind == PartKind.SERVICES), None)
    if services and not services.list_confirmed_at:
        return Step(
            "Say that your list of services is complete",
            "Every service on it is answered. The part can go to your director once the list is confirmed.",
            f"{page('returns:services', annual_return)}#confirm",
            "Confirm the list",
        )
    return _waiting(parts, names)


def _submit(annual_return, part, names):
    words = part.get_kind_display().lower()
    return Step(
        f"The {words} part is complete",
        f"{names or 'Your director'} signs it off or sends it back. You can add a note.",
        page("reports:submit", annual_return, kind=part.kind),
        f"Submit the {words} part",
    )


def _first_of(left):
    """The step to the most urgent line: its first error, figure to explain, or whatever is open."""
    first = min(left, key=lambda line: line.urgency)
    for what, title, action in (
        ("errors", "Correct {n} error{s}", "Go to the first error"),
        ("unusual", "Explain {n} unusual figure{s}", "Go to the first one"),
    ):
        if count := sum(line.count(what) for line in left):
            section = next(section for section in first.sections if getattr(section, what))
            text = f"The first is in {first.name}, section {section.key}."
            return Step(title.format(n=count, s="" if count == 1 else "s"), text, section.url, action)
    things = "response is" if len(left) == 1 else "responses are"
    return Step(f"{len(left)} {things} still to complete", f"Begin with {first.name}.", first.url, "Go there")


def _waiting(parts, names):
    if any(part.decision == Decision.SUBMITTED for part in parts):
        return Step(f"With {names or 'your director'} for sign-off", "You get a message once it is decided.")
    if parts and all(part.decision == Decision.SIGNED_OFF for part in parts):
        return Step("Your return is signed off", "Nothing is left to do.")
    return None


def step_of_director(annual_return, parts):
    for part in parts:
        if part.decision == Decision.SUBMITTED:
            words = part.get_kind_display().lower()
            return Step(
                f"Decide about the {words} part",
                "It waits for you: read the summary, then sign it off or send it back.",
                page("reports:sign_off", annual_return, kind=part.kind),
                "Read and decide",
            )
    return Step("Nothing waits for you", "You get a message as soon as a part is submitted.")

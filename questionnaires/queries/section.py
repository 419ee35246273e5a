"""One section of a response as its page shows it."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from django.urls import reverse
from django.utils import timezone

from accounts.permissions import Permission, may
from mapping.core import clock
from mapping.returns.addresses import page as address_of
from mapping.returns.classification import classification
from mapping.returns.models import ServiceEntry
from mapping.returns.queries.joint import partner_states
from questionnaires.evaluation import evaluate
from questionnaires.models import Response
from questionnaires.queries.blocks import Sheet, blocks_of, html_id
from questionnaires.queries.earlier import with_earlier
from questionnaires.queries.findings import findings_at, with_findings
from questionnaires.queries.reading import (
    RELATED,
    context_of,
    dates_of,
    earlier_of,
    explanations_in_full,
    given_for,
    kept_fields,
    questionnaire_of,
    sections_of,
)
from questionnaires.queries.registers import registers_of
from questionnaires.queries.status import why_closed, why_not_owed
from questionnaires.queries.visibility import asked_of, is_visible, visible_evaluation, visible_sections


@dataclass
class Opened:
    """A response as one person has opened it: what they may see and do, and what was read with it.

    ``sections``: keys of the sections they see, None for all. ``asked``: standing delegations.
    """

    response: Response
    user: Any
    questionnaire: Any
    registers: Any
    asked: list
    sections: frozenset | set | None
    can_answer: bool
    closed: str = ""

    is_sandbox: ClassVar[bool] = False

    @property
    def can_edit(self):
        return self.can_answer and not self.closed

    @cached_property
    def earlier(self):
        """What the answers are shown beside and compared with."""
        return earlier_of(self.response)

    @property
    def kept(self):
        """What models keep of what the response is about: field of ``stored_in`` -> value."""
        return kept_fields(self.response)

    @property
    def history_url(self):
        return self.url("questionnaires:history")

    @property
    def leave_url(self):
        """Where *Save and leave* goes: the list of services, or the overview."""
        name = "returns:services" if self.response.service_entry_id else "questionnaires:organisation"
        if not may(self.user, Permission.RETURN_READ, self.response.organisation):
            name = "returns:overview_of"
        return address_of(name, self.response.part.annual_return) or reverse("home")

    @cached_property
    def visible(self):
        """The sections that are asked and that the person sees, in order."""
        return [s for s in sections_of(self.response) if is_visible(self.sections, s.key)]

    def section(self, key):
        """The section of a key as far as it is asked and the person sees it, or None."""
        return next((section for section in self.visible if section.key == key), None)

    @property
    def response_url(self):
        return self.url("questionnaires:response")

    def change_urls(self, section):
        """Where the answers that models keep are changed: code -> address, for those whom the reader may change."""
        kept = {q.key: q.stored_in for q in section.questions if q.stored_in}
        organisation, entry = self.response.organisation, self.response.service_entry
        if not kept:
            return {}
        if entry and may(self.user, Permission.RETURN_SETUP, organisation):
            url = address_of("returns:service_edit", self.response.part.annual_return, entry=entry.pk)
            return dict.fromkeys(kept, url)
        if entry is None and may(self.user, Permission.PEOPLE_MANAGE, organisation):
            url = reverse("accounts:people", kwargs={"organisation": organisation.slug})
            return {code: url for code, field in kept.items() if field == "organisation.leads"}
        return {}

    def section_url(self, key):
        return self.url("questionnaires:section", section=key)

    def url(self, name, **others):
        return address_of(name, self.response.part.annual_return, response=self.response.pk, **others)


def find_response(user, organisation, collection, pk):
    """The response of an address as ``user`` may see it, with earlier answers, in one statement; or None."""
    rows = Response.objects.visible_to(user).select_related(*RELATED)
    rows = with_earlier(rows, organisation.pk, collection.year)
    return rows.filter(pk=pk, organisation=organisation, part__collection=collection).first()


def find_inherited(organisation, entry):
    """The answers about a service of a predecessor of ``organisation``, by the id of its entry; or None."""
    inherited = ServiceEntry.objects.inherited_by(organisation).filter(pk=entry)
    # The identity of the service stays behind the wall: only what was said in earlier collections is shown.
    related = [name for name in RELATED if name != "service_entry__service"]
    rows = Response.objects.filter(service_entry__in=inherited).select_related(*related)
    return rows.order_by("pin__key").first()


def opened_to_read(response, user):
    """A response of a predecessor as somebody of its successor has opened it: all of it, to read only."""
    know_addresses(response)
    return Opened(
        response=response,
        user=user,
        questionnaire=questionnaire_of(response),
        registers=registers_of(response),
        asked=[],
        sections=None,
        can_answer=False,
    )


def opened(response, user):
    """The response as ``user`` has opened it."""
    asked = asked_of(response)
    know_addresses(response)
    return Opened(
        response=response,
        user=user,
        questionnaire=questionnaire_of(response),
        registers=registers_of(response),
        asked=asked,
        sections=visible_sections(user, response, asked),
        can_answer=may(user, Permission.RETURN_ANSWER, response.organisation),
        closed=why_closed(response.part) or why_not_owed(response),
    )


def know_addresses(response):
    """Tell the return of a response its organisation and collection, which addresses are made of."""
    response.part.annual_return.organisation = response.organisation
    response.part.annual_return.collection = response.part.collection


@dataclass
class SectionPage:
    """All that the page of one section shows."""

    opened: Opened
    section: Any
    blocks: list
    list: list
    problems: list = field(default_factory=list)
    progress: str = ""  # of the section
    left: str = ""
    left_target: str = ""
    unconfirmed: int = 0
    earlier: Any = None
    following: Any = None
    saved_at: Any = None
    saved_words: str = ""
    rows: list = field(default_factory=list)
    registers: dict = field(default_factory=dict)
    is_gone: bool = False
    not_taken: list = field(default_factory=list)

    @property
    def confirmed(self):
        """How many answers of the section were confirmed as last year's."""
        return sum(block.marked.confirmed for block in self.blocks)

    @property
    def response(self):
        return self.opened.response

    @property
    def version(self):
        return self.opened.response.version


def evaluation_of(opened, explanations):
    """Evaluate the response as it stands; explanations as ``explanations_in_full`` gives them."""
    context = context_of(opened.response)
    return evaluate(opened.questionnaire, opened.response.cells, context, given_for(explanations))


def section_page(opened, section, *, evaluation=None, explanations=None, invalid=None, clashes=None, rows=()):
    """The SectionPage of a section.

    evaluation, explanations: of the save that has just been made; read and worked out here without one.
    invalid: cell id -> (text, message); clashes: cell id -> Clash; rows: empty rows to show, "SVC-E01|nu_hv".
    """
    if evaluation is None:
        explanations = explanations_in_full(opened.response)
        evaluation = evaluation_of(opened, explanations)
    own = visible_evaluation(evaluation, opened.questionnaire, opened.sections)
    findings = findings_at(opened.response)
    own = with_findings(own, opened.questionnaire, findings)
    sheet = Sheet(
        questionnaire=opened.questionnaire,
        section=section,
        answers=opened.response.cells,
        evaluation=own,
        explanations=seen_explanations(opened, explanations),
        earlier=opened.earlier,
        registers=opened.registers,
        context=ShownContext(opened),
        can_edit=opened.can_edit,
        invalid=invalid or {},
        clashes=clashes or {},
        rows=list(rows),
        history_url=opened.history_url,
        change_urls=opened.change_urls(section),
        findings=findings,
        finding_urls=_finding_urls(opened, findings),
        partners=_partners(opened, section),
    )
    blocks = blocks_of(sheet)
    state = own.sections[section.key]
    left, target = _left(sheet, own, state)
    return SectionPage(
        not_taken=list(sheet.invalid),
        opened=opened,
        section=section,
        blocks=blocks,
        list=_section_list(opened, own, section),
        problems=_summary(sheet, own),
        progress=state.progress.value,
        left=left,
        left_target=target,
        unconfirmed=state.unconfirmed,
        earlier=opened.earlier,
        following=_following(opened, section),
        saved_at=_saved_today(opened.response),
        saved_words=_saved_words(opened.response),
        rows=list(rows),
        registers=_registers_used(opened, blocks),
        is_gone=bool(opened.response.service_entry_id and opened.response.service_entry.is_gone),
    )


class ShownContext:
    """What a page needs of the context: the fields of the entry, its category and the dates of the collection."""

    def __init__(self, opened):
        entry = opened.response.service_entry
        self.entry = opened.kept
        self.category = classification().categories[entry.category] if entry else None
        self.dates = dates_of(opened.response.part.collection)


def seen_explanations(opened, explanations):
    """The explanations of cells that the reader sees."""
    known = opened.questionnaire.questions
    return {
        (rule, cell): explanation
        for (rule, cell), explanation in explanations.items()
        if (question := known.get(cell.partition("|")[0])) and is_visible(opened.sections, question.section)
    }


def _finding_urls(opened, findings):
    """Where what was found across organisations is explained, for those who may: (rule, cell) -> address."""
    if not (findings and may(opened.user, Permission.RETURN_SUBMIT, opened.response.organisation)):
        return {}
    annual_return = opened.response.part.annual_return
    return {
        key: address_of("questionnaires:finding", annual_return, finding=finding.pk)
        for key, finding in findings.items()
    }


def _partners(opened, section):
    """What the partners of a joint service have said, where the section shows them."""
    response = opened.response
    entry = (
        response.service_entry if response.pk else None
    )  # an answer that is nowhere stored has no partners
    if not (entry and entry.joint_with and any(q.stored_in == "entry.joint_with" for q in section.questions)):
        return []
    return partner_states([entry]).get(entry.pk, [])


def _section_list(opened, evaluation, current):
    """The list of sections for components/section_list.html: shape, problem or person."""
    items = []
    for section in opened.visible:
        state = evaluation.sections[section.key]
        people = [row.person for row in opened.asked if row.section == section.key]
        to_confirm = f"{state.unconfirmed} to confirm" if state.unconfirmed else ""
        if state.hard:
            kind, note = "error", f"{state.hard} error{'s' if state.hard != 1 else ''}"
        elif state.soft_open:
            kind, note = "unusual", f"{state.soft_open} to explain"
        else:
            kind, note = state.progress.value, to_confirm or ", ".join(people)
        items.append(
            {
                "code": section.key,
                "label": section.title,
                "url": opened.section_url(section.key),
                "current": section is current,
                "kind": kind,
                "note": note,
                "also": to_confirm if to_confirm != note else "",
                "is_error": bool(state.hard),
            }
        )
    return items


def _summary(sheet, evaluation):
    """What the box at the top lists: what was not taken and what is wrong, each with its field."""
    listed = [
        {"text": f"{_named(sheet, cell)}: {message}", "target": html_id(cell)}
        for cell, (_, message) in sheet.invalid.items()
    ]
    for problem in evaluation.problems:
        if problem.severity == "hard" and problem.section == sheet.section.key:
            text = f"{problem.where}: {problem.message}" if problem.where else problem.message
            listed.append({"text": text, "target": _target(sheet, problem)})
    return listed


def _target(sheet, problem):
    """The id of the field to go to: of the first cell that is in this section, or else of the question."""
    own = {question.key for question in sheet.section.questions}
    cells = [cell for cell in problem.cells if cell.partition("|")[0] in own and "|*|" not in cell]
    return html_id(cells[0]) if cells else f"q-{problem.question}"


def _named(sheet, cell):
    code, _, rest = cell.partition("|")
    row, _, column = rest.partition("|")
    question = sheet.questionnaire.question(code)
    found = question.row(row)
    return ", ".join(part for part in (found and found.name, question.field_of(column).name) if part)


def _left(sheet, evaluation, state):
    """What is left to do in the section, in words, and the id of the first field that is missing."""
    counted = [
        (state.hard, "error", "errors"),
        (state.missing, "answer missing", "answers missing"),
        (state.soft_open, "reason missing", "reasons missing"),
        (state.unconfirmed, "to confirm", "to confirm"),
    ]
    words = _joined([f"{count} {one if count == 1 else more}" for count, one, more in counted if count])
    own = {question.key for question in sheet.section.questions}
    missing = [cell for cell in evaluation.missing if cell.partition("|")[0] in own]
    return words, _place_of(sheet, missing[0]) if missing else ""


def _place_of(sheet, cell):
    """The id of a cell's field, or of its question where a table as a whole is missing."""
    question = sheet.questionnaire.question(cell.partition("|")[0])
    return f"q-{cell}" if question.is_table and "|" not in cell else html_id(cell)


def _joined(parts):
    """``2 errors, 1 answer missing and 3 to confirm``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _following(opened, section):
    """The section after this one, or None at the end."""
    visible = opened.visible
    place = visible.index(section)
    return visible[place + 1] if place + 1 < len(visible) else None


def _saved_today(response):
    saved = response.saved_at and timezone.localtime(response.saved_at)
    return saved if saved and saved.date() == clock.today() else None


def _saved_words(response):
    """When it was last saved, if not today: 11 January."""
    saved = response.saved_at and timezone.localtime(response.saved_at)
    return f"{saved.day} {saved:%B}" if saved and saved.date() != clock.today() else ""


def _registers_used(opened, blocks):
    """The lists of names that fields of the page offer: register -> names."""
    views = [block.field for block in blocks if block.field]
    views += [view for block in blocks for row in block.rows for view in row.fields if view]
    used = {view.register for view in views if view.register} if opened.can_edit else set()
    return {name: sorted((getattr(opened.registers, name) or {}).values()) for name in sorted(used)}

"""What a director reads before deciding: a part's figures, its list, what was unusual, and how good the answers are.

Everything is worked out from the current answers and stored nowhere. ``before`` says what they are compared with;
the region's and England's figures are those of last year's collection once it is published.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from accounts.models import Organisation, Population
from mapping.returns.addresses import page
from mapping.returns.models import Collection, EntryStatus, PartKind, ServiceEntry
from mapping.returns.querysets import GONE
from questionnaires.answer_types import NO_REGISTERS, Registers
from questionnaires.cells import Special, says_same, split_cell_id
from questionnaires.definition import Questionnaire, with_unit
from questionnaires.evaluation import Evaluation, evaluate
from questionnaires.models import Explanation, Pin, Response
from questionnaires.queries import (
    Earlier,
    context_of,
    definition_of,
    earlier_of,
    questionnaire_of,
    responses,
    with_earlier,
)
from reports.decisions.figures import AreaSums, Sums, service_rows, trust_rows
from reports.decisions.queries import before
from reports.decisions.queries.check import peers_beside, place_of
from reports.facts import facts_of
from reports.figures import ENGLAND
from reports.models import AreaFigure, Level
from reports.profiles.comparison import FEWEST_AUTHORITIES
from reports.queries import UNDER_18S
from reports.wording import figure, listed, percent, share_of, words_for

NAMES_SHOWN = 8


@dataclass(frozen=True)
class Evaluated:
    """One response with what it amounts to and earlier answers to the same questions."""

    response: Response
    questionnaire: Questionnaire
    context: object
    evaluation: Evaluation
    earlier: Earlier

    @property
    def name(self):
        """The service, or the questionnaire about the organisation."""
        return str(self.response.service_entry or self.questionnaire.title)

    def shown(self, cell, stored, registers=NO_REGISTERS):
        """A stored answer as readers see it, with £ or % where it has one; "" for a blank. Labels say other units."""
        words = cell.field.kind.shown(stored, cell.field, registers)
        if not words or "v" not in stored:
            return words
        return {"£": f"£{words}", "%": f"{words}%"}.get(cell.field.unit, words)


@dataclass
class Summary:
    """All that the page shows of one part; see the functions below for each piece."""

    part: object
    last_year: Collection | None
    answered: list[Evaluated] = field(default_factory=list)
    explanations: dict = field(default_factory=dict)
    entries: list[ServiceEntry] = field(default_factory=list)

    @property
    def is_services(self):
        return self.part.kind == PartKind.SERVICES

    @property
    def is_organisation(self):
        return self.part.kind == PartKind.ORGANISATION

    @cached_property
    def head(self):
        """What earlier answers stand under: ``2008/09``, ``Cheshire, 2008/09``; "Last year" where there are none."""
        return before.head_of(self.answered) or (self.last_year.name if self.last_year else "Last year")

    @property
    def named(self):
        """The same in the middle of a sentence: ``last year``, ``2006/07``."""
        return "last year" if self.last_year is None or self.head == self.last_year.name else self.head

    @property
    def compared_words(self):
        """What the answers are compared with, as sentences."""
        return before.words_of(self.answered)

    @cached_property
    def unusual(self):
        """What was unusual and has been explained, as Unusual; by service, in the order of the questions."""
        return [
            _unusual(one, problem, explanation, self.head)
            for one in self.answered
            for problem in one.evaluation.problems
            if problem.explained and (explanation := self.explanations.get((one.response.pk, *problem.key)))
        ]

    @cached_property
    def sums(self):
        """What this year's answers add up to."""
        sums = Sums(services=sum(not entry.is_gone for entry in self.entries) if self.is_services else None)
        for one in self.answered:
            sums.add_facts(facts_of(one.questionnaire, one.response.cells, one.context, one.evaluation))
        return sums

    @property
    def explained_measures(self):
        return frozenset(unusual.measure for unusual in self.unusual if unusual.measure)


def summary_of(part, user):
    """The Summary of a part as ``user`` may read it, in a fixed number of queries."""
    last_year = Collection.objects.before(part.collection)
    owed = Pin.objects.owed(part.annual_return)
    found = responses().visible_to(user).filter(part=part.pk, pin__in=owed)
    found = with_earlier(found, part.organisation_id, part.collection.year)
    found = found.exclude(service_entry__status__in=GONE)
    found = list(found.order_by("service_entry__name", "pk"))
    for response in found:  # one part for all, with the return that was read already
        response.part = part
    explanations = _explanations(part, user)
    summary = Summary(part, last_year, _evaluated(found, explanations), explanations)
    if summary.is_services:
        entries = ServiceEntry.objects.visible_to(user).filter(annual_return=part.annual_return_id)
        related = ("service", "carried_from__organisation", "merged_into")
        summary.entries = list(entries.select_related(*related))
    return summary


def _explanations(part, user):
    """(response, rule, cell) -> Explanation with who gave it."""
    rows = Explanation.objects.visible_to(user).filter(response__part=part.pk).select_related("by")
    return {(row.response_id, row.rule, row.cell): row for row in rows}


def _evaluated(found, explanations):
    peers, given = peers_beside(found), {}
    for (response, rule, cell), explanation in explanations.items():
        given.setdefault(response, {})[rule, cell] = explanation.given_for
    return [_one(response, peers, given.get(response.pk, {})) for response in found]


def _one(response, peers, given):
    questionnaire, earlier = questionnaire_of(response), earlier_of(response)
    context = context_of(response, earlier=earlier, listed=peers)
    evaluation = evaluate(questionnaire, response.cells, context, given)
    return Evaluated(response, questionnaire, context, evaluation, earlier)


# -- Figures --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """The figures with their heads: before is what the column of earlier figures is called, "" without one; areas are
    the names of region and England, none where nothing compares.

    notes: sentences on what the figures are of. words: how many there are, for the title.
    """

    rows: list
    before: str
    areas: list[str]
    notes: list[str]

    @property
    def words(self):
        return f"{words_for(len(self.rows))} figures"

    @property
    def has_notices(self):
        """Whether there is anything to notice about one of them."""
        return any(row.is_explained for row in self.rows)


def figures_of(summary, user):
    """The table of figures of a part; None for a part that has none."""
    if not (summary.is_services or summary.is_organisation):
        return None
    past, areas = before.past_of(summary, user), areas_of(summary, user)
    shown = [area for area, _ in areas]
    population = None
    if summary.is_organisation:
        rows = trust_rows(summary.sums, past.sums, areas=shown, explained=summary.explained_measures)
    else:
        residents = Population.objects.filter(authority=summary.part.organisation, age_band=UNDER_18S)
        population = residents.order_by("-year").first()
        rows = service_rows(
            summary.sums,
            past.sums,
            areas=shown,
            under_18s=population.persons if population else None,
            dates=_dates_in_words(summary.part.collection),
            explained=summary.explained_measures,
        )
    if not past.is_like:
        rows = [replace(row, change="") for row in rows]
    notes = [*past.notes, *_notes(summary, areas, population)]
    return Table(rows, past.head, [area.name for area in shown], notes)


def _notes(summary, areas, population):
    """What areas and rates are of, sentence by sentence."""
    if areas:
        names = listed(area.name for area, _ in areas)
        of = "rates and shares" if summary.is_services else "averages"
        returns = figure(areas[-1][1])
        yield f"{names}: {of} of {summary.last_year}, in England from signed-off returns of {returns} authorities."
    if population:
        yield f"Rates use the {figure(population.persons)} residents aged 0 to 17 of mid-{population.year}."


def _dates_in_words(collection):
    census = collection.census_date
    return {"census": f"{census:%-d %B}", "month": f"{census:%B}"}


def areas_of(summary, user):
    """(AreaSums, how many returns they are of) of the region and England of last year, once published.

    Fewer than five authorities are no comparison. Figures of areas speak of returns of local authorities, so other
    organisations have none beside theirs.
    """
    organisation = summary.part.organisation
    if summary.last_year is None or not organisation.is_local_authority:
        return []
    codes = [organisation.region.gss_code] if organisation.region_id else []
    found = AreaFigure.objects.readable_by(user).filter(
        collection=summary.last_year,
        level__in=[Level.REGION, Level.ENGLAND],
        area_code__in=[*codes, ENGLAND[0]],
    )
    amounts, respondents, names = {}, Counter(), {}
    tells_respondents = {"services", "caseload"} if summary.is_services else {"answered"}
    for row in found:
        amounts.setdefault(row.area_code, {})[row.measure, row.item] = (row.value, row.base)
        names[row.area_code] = row.area_name
        if row.measure in tells_respondents:
            respondents[row.area_code] = max(respondents[row.area_code], _respondents(row))
    return [
        (AreaSums(names[code], amounts[code]), respondents[code])
        for code in [*codes, ENGLAND[0]]
        if respondents[code] >= FEWEST_AUTHORITIES
    ]


def _respondents(row):
    return int(row.value or 0) if row.measure == "answered" else row.respondents


# -- What was unusual, and why --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Unusual:
    """A figure that differs, with both years' values and the reason given. ``message`` stands where no one
    figure is meant; ``since`` says of when the earlier one is, where its column does not."""

    name: str
    label: str
    last: str
    this: str
    message: str
    explanation: Explanation
    url: str
    measure: str = ""
    since: str = ""


def _unusual(one, problem, explanation, head):
    response, question = one.response, one.questionnaire.question(problem.question)
    code, row, column = split_cell_id(problem.cells[0])
    cell = one.questionnaire.cell(code, row, column)
    this, last = (
        one.shown(cell, cells.get(cell.id)) if cell else "" for cells in (response.cells, one.earlier.shown)
    )
    url = page(
        "questionnaires:section", response.part.annual_return, response=response.pk, section=problem.section
    )
    names = [
        question.name,
        problem.where,
        cell.field.name if cell and is_one_of_columns(question, cell) else "",
    ]
    measures = {column.measure for column in question.columns if column.measure} | {question.measure}
    return Unusual(
        name=one.name,
        label=with_unit(", ".join(filter(None, names)), unit_beside(cell)),
        last=last,
        this=this,
        message="" if this or last else problem.message,
        explanation=explanation,
        url=f"{url}#{place_of(question, problem)}",
        measure=next((name for name in sorted(measures) if name), ""),
        since=before.since_of(one.earlier, head),
    )


def is_one_of_columns(question, cell):
    """Whether a cell needs the name of its column to be told from others."""
    return bool(cell.column) and len(question.columns) > 1


def unit_beside(cell):
    """The unit that a label says of a figure; "" for £ and %, which stand at the figure itself."""
    return cell.field.unit if cell and cell.field.unit not in ("£", "%") else ""


# -- What changed in the list ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """A kind of change with the services it happened to; ``rest`` of them are not named."""

    sign: str
    label: str
    colour: str
    names: list[str]
    rest: int


@dataclass(frozen=True)
class ListChanges:
    """now, before: how many services; since: the year of the list before, "" where predecessors had it."""

    now: int
    before: int
    since: str
    changes: list[Change]


def list_changes(summary, user):
    """What changed since the organisation's last list; None for another part, or for a first list of its own."""
    if not summary.is_services:
        return None
    own = ServiceEntry.objects.visible_to(user).of_last_list(summary.part.annual_return)
    last = list(own.open().select_related("collection"))
    changes = _changes(summary.entries, last)
    taken_over = any(entry.service.continues_id for entry in summary.entries)
    if not (last or taken_over):
        return None
    since = last[0].collection.name if last else ""
    return ListChanges(sum(not entry.is_gone for entry in summary.entries), len(last), since, changes)


def _changes(entries, last):
    by_service = {entry.service_id: entry for entry in entries}
    dropped = sorted(entry.name for entry in last if entry.service_id not in by_service)
    still = [entry for entry in entries if not entry.is_gone]
    known = {entry.service_id for entry in last}
    new = [entry for entry in still if entry.service_id not in known]
    renamed = [entry for entry in still if entry.carried_from and entry.carried_from.name != entry.name]
    moved = [entry for entry in still if entry.carried_from and entry.carried_from.category != entry.category]
    found = [
        _change("+", "Opened", "green", [e.name for e in new if not e.service.continues_id]),
        _change("+", "Taken over", "green", [_taken_over(e) for e in new if e.service.continues_id]),
        _change("−", "Closed", "grey", [_closed(e) for e in entries if e.status == EntryStatus.CLOSED]),
        _change(
            "−", "Merged", "grey", [_merged(e, by_service) for e in entries if e.status == EntryStatus.MERGED]
        ),
        _change("−", "Not brought over", "orange", dropped),
        _change("", "Renamed", "violet", [f"{e.carried_from.name} is now {e.name}" for e in renamed]),
        _change("", "Other category", "violet", [f"{e.name}: now {e.category_label}" for e in moved]),
    ]
    return [change for change in found if change.names]


def _taken_over(entry):
    return f"{entry.name}, from {entry.carried_from.organisation}"


def _change(sign, label, colour, names):
    shown = names[:NAMES_SHOWN]
    return Change(f"{sign}{len(names)}", label, colour, shown, len(names) - len(shown))


def _closed(entry):
    return f"{entry.name}, on {entry.status_date:%-d %B %Y}" if entry.status_date else entry.name


def _merged(entry, by_service):
    into = by_service.get(entry.merged_into_id)
    words = f"{entry.name} into {into.name}" if into else entry.name
    return f"{words}, on {entry.status_date:%-d %B %Y}" if entry.status_date else words


# -- What changed in the answers about the organisation -------------------------------------------------------


@dataclass(frozen=True)
class ChangedAnswer:
    section: str
    label: str
    row: str
    last: str
    this: str
    since: str = ""


@dataclass(frozen=True)
class Answers:
    """changed: ChangedAnswers; same: how many answers are those of before; new: how many were not asked then."""

    changed: list[ChangedAnswer]
    same: int
    new: int


def changed_answers(summary):
    """What changed in an organisation's answers since they were given last; None for other parts or without any."""
    compared = [one for one in summary.answered if one.earlier.shown] if summary.is_organisation else []
    if not compared:
        return None
    registers = Registers(organisations=_organisations(compared))
    changed, same, new = [], 0, 0
    for one in compared:
        then = definition_of(one.response.pin.definition_version_id, one.earlier.year)
        for code, cells in one.evaluation.asked.items():
            for cell in cells:
                answers = (one.earlier.shown.get(cell.id), one.response.cells.get(cell.id))
                if then.cell(code, cell.row, cell.column) is None:
                    new += bool(answers[1])
                elif not says_same(*answers):
                    changed.append(_changed(one, code, cell, *answers, registers, summary.head))
                else:
                    same += bool(answers[1])
    return Answers(changed, same, new)


def _changed(one, code, cell, last, now, registers, head):
    question = one.questionnaire.question(code)
    column = cell.field.name if is_one_of_columns(question, cell) else ""
    row = cell.row and question.row(cell.row)
    place = ": ".join(filter(None, [row.name if row else "", column]))
    unit = unit_beside(cell)
    return ChangedAnswer(
        section=one.questionnaire.section(question.section).title,
        label=question.name if place else with_unit(question.name, unit),
        row=with_unit(place, unit) if place else "",
        last=one.shown(cell, last, registers) or "Blank",
        this=one.shown(cell, now, registers) or "Blank",
        since=before.since_of(one.earlier, head),
    )


def _organisations(compared):
    """Code -> name, if some question takes organisations as its answer."""
    fields = (cell.field for one in compared for cells in one.evaluation.asked.values() for cell in cells)
    if not any(field.type == "org" for field in fields):
        return {}
    return dict(Organisation.objects.exclude(code=None).values_list("code", "name"))


# -- How good the answers are ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Quality:
    """Shares in percent, exact; None where there is nothing to divide by. equal: of figures that both years have."""

    answered: Decimal | None
    unknown: Decimal | None
    equal: Decimal | None
    named: str = "last year"

    @property
    def rows(self):
        """(words, share as shown)."""
        return [
            ("Questions answered", _percent(self.answered)),
            ("Not known or not collected", _percent(self.unknown)),
            (self._equal_words, _percent(self.equal)),
        ]

    @property
    def _equal_words(self):
        return (
            "Figures equal to last year’s" if self.named == "last year" else f"Figures equal to {self.named}"
        )


def _percent(share):
    return "–" if share is None else percent(share)


UNKNOWN = {Special.NOT_KNOWN.value, Special.NOT_COLLECTED.value}


def quality_of(summary):
    """How much of what is asked is answered, with how much not known, and how much just as before."""
    counts = Counter()
    for one in summary.answered:
        _count_quality(one, counts)
    return Quality(
        answered=share_of(counts["answered"], counts["asked"]),
        unknown=share_of(counts["unknown"], counts["cells"]),
        equal=share_of(counts["equal"], counts["compared"]),
        named=summary.named,
    )


def _count_quality(one, counts):
    """Count the questions asked and answered, answers, answers that say nothing is known, and equal figures."""
    for code, cells in one.evaluation.asked.items():
        question = one.questionnaire.question(code)
        if question.is_computed or question.stored_in:
            continue
        given = [(cell, stored) for cell in cells if (stored := one.response.cells.get(cell.id))]
        counts["asked"] += 1
        counts["answered"] += bool(given)
        counts["cells"] += len(given)
        counts["unknown"] += sum(stored.get("s") in UNKNOWN for _, stored in given)
        for cell, stored in given:
            last = one.earlier.compared.get(cell.id) or {}
            if cell.field.kind.is_numeric and "v" in stored and "v" in last:
                counts["compared"] += 1
                counts["equal"] += stored["v"] == last["v"]

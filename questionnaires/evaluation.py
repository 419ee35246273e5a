"""What one response amounts to: what is asked, missing, wrong or unusual, and how far it is.

Pure: from a questionnaire, its answers and their context to an `Evaluation`; nothing is read or stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from mapping.returns.workflow import Progress
from questionnaires import rules
from questionnaires.case import Case
from questionnaires.cells import Special, cell_id, split_cell_id
from questionnaires.definition import Cell
from questionnaires.rules import Thresholds, is_number
from questionnaires.wording import Dates

EXPECTED = "EXPECTED"
SAME_FIGURES = "GS4"


@dataclass(frozen=True)
class Peer:
    """Another service of the same organisation, as far as rules compare with it."""

    key: str
    name: str
    provider: str = ""
    is_open: bool = True


@dataclass(frozen=True)
class Context:
    """What evaluation needs to know beside the answers.

    organisation_types: the roles in which it answers (LA, PCTC, PCTP, NHST, VCS). service_categories: those
    in which it has an open service. last_year: last year's answers, cell to JSON, or older ones; last_time: when
    they were given, "last year" or "in 2006/07". entry: what models keep,
    field name of ``stored_in`` to JSON value (and organisation, provider_sector for A-H4). category: of the
    classification. outcodes:
    first half of a postcode to the areas there. percentiles: question to per cent (1, 2,
    5, 10) to the figures between which all but that share at each end lie. unconfirmed:
    cells carried from last year that nobody has confirmed. carried_years: question to the number of
    collections its text has stood unchanged. populations: GSS code of an area to residents by band ("0-4").
    service_sums: cell of the service questionnaire ("SVC-E01|*|wte") to its sum over the organisation's services.
    """

    year: str
    dates: Dates | None = None
    today: date | None = None
    organisation_types: frozenset[str] = frozenset()
    service_categories: frozenset[str] = frozenset()
    authority_type: str = ""
    category: Any = None
    form: str = "full"
    last_year: Mapping[str, dict] | None = None
    last_time: str = "last year"
    entry: Mapping[str, Any] = field(default_factory=dict)
    peers: tuple[Peer, ...] = ()
    outcodes: Mapping[str, Any] | None = None
    thresholds: Thresholds = field(default_factory=Thresholds)
    percentiles: Mapping[str, Mapping[int, tuple]] = field(default_factory=dict)
    unconfirmed: frozenset[str] = frozenset()
    carried_years: Mapping[str, int] = field(default_factory=dict)
    populations: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    service_sums: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """Something wrong (``hard``) or unusual (``soft``) in some cells; it is shown at the first of them.

    given_for: what its explanation explains, as text; an explanation holds as long as that stays the same.
    words_wanted: a reason from the list is not enough for it, a few words are wanted too.
    """

    rule: str
    severity: str
    question: str
    section: str
    cells: tuple[str, ...]
    message: str
    where: str = ""  # the row of a table it is about, for a list of problems: "Family therapist"
    reason_wanted: bool = False
    given_for: str = ""
    explained: bool = False
    words_wanted: bool = False

    @property
    def key(self):
        """Under what an explanation is kept: the rule and the first cell."""
        return self.rule, self.cells[0]

    @property
    def is_open(self):
        """Whether it keeps the response from being complete."""
        return self.severity == "hard" or (self.reason_wanted and not self.explained)


@dataclass(frozen=True)
class SectionState:
    """answered, mandatory: questions. missing, unconfirmed, filled: cells. hard, soft_open: problems."""

    progress: Progress
    answered: int
    mandatory: int
    missing: int
    hard: int
    soft_open: int
    unconfirmed: int
    filled: int = 0


@dataclass(frozen=True)
class Evaluation:
    """What a response amounts to; see the fields of `evaluate`.

    wholes: of each breakdown whose total is known, what its parts have to add up to. unneeded: blank cells that the
    answers so far leave without a purpose, such as a year where there is no strategy.
    """

    asked: Mapping[str, tuple[Cell, ...]]
    missing: tuple[str, ...]
    problems: tuple[Problem, ...]
    totals: Mapping[str, Decimal]
    wholes: Mapping[str, Decimal]
    sections: Mapping[str, SectionState]
    progress: Progress
    unconfirmed: tuple[str, ...]
    unneeded: frozenset[str] = frozenset()

    @property
    def answered(self):
        """Mandatory visible questions that are answered."""
        return sum(state.answered for state in self.sections.values())

    @property
    def mandatory(self):
        """Mandatory visible questions."""
        return sum(state.mandatory for state in self.sections.values())


def evaluate(questionnaire, answers, context, explanations=None):
    """The Evaluation of some answers.

    answers: cell to JSON, blank cells absent. explanations: (rule, cell) to the ``given_for`` they were
    given at. An answer to what is not asked counts for nothing. Complete is: nothing mandatory is missing,
    no hard problem, each soft problem that wants a reason explained, what was carried forward confirmed.
    """
    case = Case(questionnaire, answers, context)
    gaps = {question.key: gaps_of(case, question) for question in case.asked_questions()}
    problems = tuple(all_problems(case, gaps, explanations or {}))
    sections = {section.key: section_state(case, section, gaps, problems) for section in case.sections}
    missing = tuple(cell for gap in gaps.values() for cell in gap.missing)
    unconfirmed = tuple(cell for cell in case.values_by_cell if cell in context.unconfirmed)
    return Evaluation(
        asked=case.asked,
        missing=missing,
        problems=problems,
        totals=totals_of(case),
        wholes=wholes_of(case),
        sections=sections,
        progress=progress_of(
            started=any(case.is_started(question) for question in case.asked_questions()),
            is_held=bool(missing or unconfirmed) or any(problem.is_open for problem in problems),
        ),
        unconfirmed=unconfirmed,
        unneeded=unneeded_cells(case),
    )


def asked_sections(questionnaire, answers, context):
    """The sections that are asked, as `evaluate` would find: those whose condition holds, in order."""
    if context.form != "short" and all(section.when is None for section in questionnaire.sections):
        return questionnaire.sections
    return tuple(Case(questionnaire, answers, context).sections)


# What is missing


@dataclass(frozen=True)
class Gaps:
    """Blank cells of a question: those that are mandatory and those that are expected."""

    missing: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()


NO_GAPS = Gaps()


def gaps_of(case, question):
    """The gaps of a visible question; a closed service owes next to nothing."""
    if question.is_computed or is_lifted(case, question):
        return NO_GAPS
    if not question.is_table:
        return gaps_by_need(
            case.need(question), () if question.key in case.values_by_cell else (question.key,)
        )
    if question.stored_in:
        return NO_GAPS
    if question.breakdown:
        return breakdown_gaps(case, question)
    return table_gaps(case, question)


def gaps_by_need(need, blank):
    if need == "yes":
        return Gaps(missing=tuple(blank))
    return Gaps(expected=tuple(blank)) if need == "expected" else NO_GAPS


def breakdown_gaps(case, question):
    """In a started breakdown blanks are missing; one of a total of 0, or not known, need not be started."""
    started = started_rows(case, question)
    cells = case.cells_of(question.key, question.columns[-1].key)
    if started:
        blank = [cell for cell in cells if cell not in case.values_by_cell]
        return Gaps(missing=tuple(blank) + unnamed_rows(case, question, started))
    total = case.figure(question.breakdown.arguments["total"])
    if total == 0 or isinstance(total, Special):
        return NO_GAPS
    return gaps_by_need(case.need(question), cells)


def started_rows(case, question):
    return {cell.row for cell in case.asked[question.key] if cell.id in case.values_by_cell}


def unnamed_rows(case, question, rows):
    """Repeatable rows of a breakdown that do not say what they count."""
    names = [
        cell.id
        for cell in case.asked[question.key]
        if cell.row in rows and cell.column != question.columns[-1].key
    ]
    return tuple(cell for cell in names if cell not in case.values_by_cell)


def table_gaps(case, question):
    """The gaps of a table: in all rows where these are needed, else in the rows that were started."""
    cells = case.asked[question.key]
    need = case.need(question)
    started = started_rows(case, question)
    by_row = question.is_repeatable or question.rows_needed == "started"
    if not started and (by_row or need != "yes"):
        return gaps_by_need(need, (question.key,))
    everywhere = need != "no" and not by_row
    blank = [
        cell
        for cell in cells
        if cell.id not in case.values_by_cell
        and (everywhere or cell.row in started)
        and is_needed(case, cell)
    ]
    return Gaps(
        missing=tuple(cell.id for cell in blank if cell.field.mandatory == "yes"),
        expected=tuple(cell.id for cell in blank if cell.field.mandatory == "expected"),
    )


def is_needed(case, cell):
    condition = cell.field.needed_when
    return condition is None or condition.holds(case, cell.row)


def unneeded_cells(case):
    """The blank cells whose column is not needed in their row as it is answered."""
    return frozenset(
        cell.id
        for question in case.asked_questions()
        if any(column.needed_when for column in question.columns)
        for cell in case.asked[question.key]
        if cell.id not in case.values_by_cell and not is_needed(case, cell)
    )


# Problems


def all_problems(case, gaps, explanations):
    """The problems of all visible questions, in their order, then those of whole sections."""
    for question in case.asked_questions():
        yield from rule_problems(case, question, explanations)
        if gaps[question.key].expected:
            yield expected_problem(question, gaps[question.key].expected)
    compared = case.context.last_year and not case.context.thresholds.is_off("", SAME_FIGURES)
    for section in case.sections if compared else ():
        if cells := rules.same_figures(case, section):
            question = case.questionnaire.question(split_cell_id(cells[0])[0])
            same = f"All {len(cells)} figures here are the same as {case.context.last_time}."
            message = f"{same} If nothing changed, say so."
            yield problem(case, question, SAME_FIGURES, "soft", rules.Finding(cells, message), explanations)


def rule_problems(case, question, explanations):
    for rule in question.rules:
        for finding in rules.findings(case, question, rule):
            yield problem(case, question, rule.id, rule.severity, finding, explanations, words=rule.words)


def problem(case, question, rule, severity, finding, explanations, *, words=False):
    soft = severity == "soft"
    cells = tuple(
        cell.partition("|*|")[0] for cell in finding.cells
    )  # the sum of a column is shown at its table
    given_for = " ".join(f"{cell}={value_text(case.value(cell))}" for cell in finding.cells) if soft else ""
    return Problem(
        rule=rule,
        severity=severity,
        question=question.key,
        section=question.section,
        cells=cells,
        message=finding.message,
        where=row_named(question, cells),
        reason_wanted=soft,
        given_for=given_for,
        explained=soft and explanations.get((rule, cells[0])) == given_for,
        words_wanted=words,
    )


def row_named(question, cells):
    """The one row of a table that a problem is about; "" where it is about several."""
    rows = {row for code, row, _ in map(split_cell_id, cells) if code == question.key}
    if len(rows) != 1 or not (key := rows.pop()):
        return ""
    fixed = question.row(key)
    return fixed.name if fixed else f"Row {key.removeprefix('r')}"


def value_text(value):
    """A value as the text that an explanation is kept for."""
    return ",".join(value) if isinstance(value, tuple) else str(value)


def expected_problem(question, cells):
    words = "This is expected. Answer it if you can."
    if cells != (question.key,):
        blank = "1 cell is blank" if len(cells) == 1 else f"{len(cells)} cells are blank"
        words = f"{blank}. Fill in what you can."
    return Problem(EXPECTED, "soft", question.key, question.section, cells, words)


# Totals and progress


def totals_of(case):
    """Computed figures, and under the row ``total`` the sums of columns that have one."""
    totals = {}
    for question in case.asked_questions():
        if question.is_computed:
            totals[question.key] = case.computed(question)
        for column in question.columns:
            if column.total or (question.breakdown and column is question.columns[-1]):
                key = cell_id(question.key, "total", column.key)
                totals[key] = case.sum_so_far(cell_id(question.key, "*", column.key))
    return {key: total for key, total in totals.items() if total is not None}


def wholes_of(case):
    """What the parts of each breakdown have to add up to, question to figure, where its total is known."""
    wholes = {}
    for question in case.asked_questions():
        if rule := question.breakdown:
            references = [rule.arguments[name] for name in ("total", "less") if name in rule.arguments]
            figures = [case.figure(reference) for reference in references]
            if all(map(is_number, figures)):
                wholes[question.key] = figures[0] - sum(figures[1:])
    return wholes


def section_state(case, section, gaps, problems):
    asked = [question for question in section.questions if question.key in case.asked]
    own = [entry for entry in problems if entry.section == section.key]
    hard = sum(entry.severity == "hard" for entry in own)
    soft_open = sum(entry.severity == "soft" and entry.is_open for entry in own)
    mandatory = [question for question in asked if case.need(question) == "yes"]
    missing = sum(len(gaps[question.key].missing) for question in asked)
    filled = [
        cell.id for question in asked for cell in case.asked[question.key] if cell.id in case.values_by_cell
    ]
    unconfirmed = sum(cell in case.context.unconfirmed for cell in filled)
    is_held = bool(missing or hard or soft_open or unconfirmed)
    return SectionState(
        progress=section_progress(case, asked, mandatory, is_held),
        answered=sum(not gaps[question.key].missing for question in mandatory),
        mandatory=len(mandatory),
        missing=missing,
        hard=hard,
        soft_open=soft_open,
        unconfirmed=unconfirmed,
        filled=len(filled),
    )


def section_progress(case, asked, mandatory, is_held):
    """A section nobody has touched is not started, even where it holds nothing mandatory."""
    started = any(case.is_started(question) for question in asked)
    untouched = not started and not mandatory and asked and not case.is_relaxed
    return Progress.NOT_STARTED if untouched else progress_of(started, is_held)


def is_lifted(case, question):
    return case.is_relaxed and question.key not in case.questionnaire.relaxed_except


def progress_of(started, is_held):
    if not is_held:
        return Progress.COMPLETE
    return Progress.IN_PROGRESS if started else Progress.NOT_STARTED


# Last year


def carried_forward(questionnaire, last_answers):
    """What this year starts from: last year's answers to questions that are prefilled, cell to JSON.

    Special answers are asked again; so is what this year's options or rows no longer have. To be stored
    with the origin *carried*, which holds the response until somebody confirms it.
    """
    carried = {}
    for code, question in questionnaire.questions.items():
        if question.last_year != "prefilled" or question.stored_in or question.is_computed:
            continue
        for cell in questionnaire.cells(code, last_answers):
            stored = still_offered(last_answers.get(cell.id), cell.field)
            if stored:
                carried[cell.id] = stored
    return carried


def still_offered(stored, answer_field):
    """A stored answer without the options that are no longer offered; None where nothing is left."""
    if not stored or "s" in stored:
        return None
    keys = {option.key for option in answer_field.options}
    if not keys or answer_field.options_from or answer_field.kind.widget == "lookup":
        return stored
    if isinstance(stored["v"], list):
        kept = [key for key in stored["v"] if key in keys]
        return {"v": kept} if kept else None
    return stored if stored["v"] in keys else None


def main_rows(question, category, answers):
    """The rows of a long table to show at once, and the others, to be added on demand.

    At once: the staff groups of the service's category, and any that holds an answer.
    """
    if question.rows_from != "category" or category is None:
        return question.rows, ()
    used = {split_cell_id(cell)[1] for cell in answers if cell.startswith(f"{question.key}|")}
    at_once = used.union(category.staff_groups)
    return (
        tuple(row for row in question.rows if row.key in at_once),
        tuple(row for row in question.rows if row.key not in at_once),
    )

"""Answers written in bulk as saving writes them: evaluated, with a revision, unusual figures explained."""

from dataclasses import dataclass, field

from questionnaires.actions import Given, explanation_of, record_summary, stamped, take_in
from questionnaires.cells import split_cell_id, value_of
from questionnaires.evaluation import carried_forward, evaluate
from questionnaires.filling.draw import lot
from questionnaires.models import Explanation, Origin, Reason, Response, Revision
from questionnaires.queries import context_of, questionnaire_of

BATCH = 500
MORE_THAN_LAST_YEAR = (
    Given("A new team started in April, so more children were taken on.", Reason.REAL_CHANGE),
    Given("It left out the evening clinics.", Reason.LAST_YEAR_WRONG),
    Given("The figures come from the new case system.", Reason.COUNTED_OTHERWISE),
)
LESS_THAN_LAST_YEAR = (
    Given("Two posts were frozen from June, and the service took fewer children.", Reason.REAL_CHANGE),
    Given("Some children were counted twice.", Reason.LAST_YEAR_WRONG),
    Given("The figures come from the new case system.", Reason.COUNTED_OTHERWISE),
)
ZERO_OR_NOT = (
    Given("It was not recorded for the whole month.", Reason.LAST_YEAR_WRONG),
    Given("The service was reorganised in September.", Reason.REAL_CHANGE),
)
OF_SERVICES = (
    Given("Checked with the service manager.", Reason.UNUSUAL_BUT_RIGHT),
    Given("This is how the service is arranged locally; the Board agreed it.", Reason.OTHER),
    Given("The team is small, so a few children change the figure a lot.", Reason.UNUSUAL_BUT_RIGHT),
)
OF_ORGANISATIONS = {
    "childrens_trust": (
        Given("The Board decided so in the summer, and will look at it again in a year.", Reason.REAL_CHANGE),
        Given("The partners have looked at it together, and it is right.", Reason.UNUSUAL_BUT_RIGHT),
    ),
    "ni51": (
        Given("Agreed with the partners at the yearly review of the partnership.", Reason.UNUSUAL_BUT_RIGHT),
        Given("The partnership has looked at its evidence again since last year.", Reason.REAL_CHANGE),
    ),
}
OF_THE_TRUST = {
    "CT-S1": (
        Given("The agency takes part through a linked forum; a seat is planned for next year.", Reason.OTHER),
        Given("The partners agreed on this when the Children's Trust was set up.", Reason.UNUSUAL_BUT_RIGHT),
    ),
    "CT-S3": (
        Given("The joint post ended in March; each partner commissions alone.", Reason.REAL_CHANGE),
        Given("It was a plan last year and never came about.", Reason.LAST_YEAR_WRONG),
    ),
}
OF_ANY_ORGANISATION = (
    Given("Checked with the officer in charge.", Reason.UNUSUAL_BUT_RIGHT),
    Given("This is how it is arranged here; the management team agreed it.", Reason.OTHER),
    Given("The arrangement is new this year.", Reason.REAL_CHANGE),
)


def reasons_for(response, problem):
    """What somebody might say about something unusual in a questionnaire."""
    if response.service_entry is None:
        of_questionnaire = OF_ORGANISATIONS.get(response.pin.key, OF_ANY_ORGANISATION)
        return OF_THE_TRUST.get(problem.rule, of_questionnaire)
    if "(up " in problem.message:
        return MORE_THAN_LAST_YEAR
    if "(down " in problem.message:
        return LESS_THAN_LAST_YEAR
    return ZERO_OR_NOT if problem.rule == "GS2" else OF_SERVICES


@dataclass
class Answered:
    """Who answered, when (time of the exercise), and how far they came.

    sections: keys of the sections that were worked on; what lies beyond stands as carried from last year. None: all.
    explains: whether unusual figures are explained. anew: every answer is given again rather than confirmed.
    """

    by: object
    at: object
    sections: frozenset | None = None
    explains: bool = True
    anew: bool = False

    def worked_on(self, questionnaire, cell):
        code = cell.partition("|")[0]
        return self.sections is None or questionnaire.question(code).section in self.sections

    def reaches(self, questionnaire, beyond):
        """Whether sections were worked on beside those that ``beyond`` names."""
        others = {section.key for section in questionnaire.sections} - beyond
        return bool(others if self.sections is None else others & self.sections)


@dataclass
class Desk:
    """Collects responses with what hangs on them, and writes them by a few statements."""

    seed: int
    responses: list = field(default_factory=list)
    revisions: list = field(default_factory=list)
    explanations: list = field(default_factory=list)

    def answer(self, response, given, earlier, answered, listed=()):
        """Fill an unsaved Response.

        given: this year's answers, cell to stored JSON. earlier: the Earlier that it starts from. What is still as it
        was stands as confirmed where it is worked on (answered.anew: as typed), and as carried elsewhere.
        """
        questionnaire = questionnaire_of(response)
        response.cells = _cells(questionnaire, given, earlier.own, answered)
        evaluation = evaluate(
            questionnaire, response.cells, context_of(response, earlier=earlier, listed=listed)
        )
        response.cells = _asked_only(response.cells, evaluation)
        explained = self._explain(response, evaluation, answered) if answered.explains else {}
        if explained:
            context = context_of(response, earlier=earlier, listed=listed)
            evaluation = evaluate(questionnaire, response.cells, context, explained)
        record_summary(response, evaluation)
        self._keep(response, answered)
        return evaluation

    def _explain(self, response, evaluation, answered):
        """Explanations for what is unusual in the sections worked on: (rule, cell) -> what it was given for."""
        given = {}
        for problem in evaluation.problems:
            if problem.reason_wanted and (answered.sections is None or problem.section in answered.sections):
                given[problem.key] = problem.given_for
                self.explanations.append(self._explained(response, problem, answered))
        return given

    def _explained(self, response, problem, answered):
        said = reasons_for(response, problem)
        chosen = lot(self.seed, response.organisation_id, *problem.key, problem.given_for).choice(said)
        return explanation_of(response, problem, chosen, by=answered.by, at=answered.at)

    def _keep(self, response, answered):
        self.responses.append(response)
        started = any(kept["o"] != Origin.CARRIED for kept in response.cells.values())
        if response.cells:
            changed = {cell: (None, kept) for cell, kept in response.cells.items()}
            origin = Origin.TYPED if started else Origin.CARRIED
            self.revisions.append(take_in(response, changed, by=answered.by, at=answered.at, origin=origin))
        if started:
            response.saved_at, response.saved_by = answered.at, answered.by

    def write(self):
        """Write what was collected, and begin anew."""
        Response.objects.bulk_create(self.responses, batch_size=BATCH)
        Revision.objects.bulk_create(self.revisions, batch_size=BATCH)
        Explanation.objects.bulk_create(self.explanations, batch_size=BATCH)
        self.responses, self.revisions, self.explanations = [], [], []


def started_from(questionnaire, fresh, last):
    """Answers that begin with last year's where these are prefilled; cell to stored JSON.

    fresh: this year's, cell to stored JSON. last: last year's cells. A row is last year's or fresh as a whole, and so
    are rows that people add themselves.
    """
    carried = carried_forward(questionnaire, last)
    taken = {_line_of(questionnaire, cell) for cell in carried}
    new = {cell: stored for cell, stored in fresh.items() if _line_of(questionnaire, cell) not in taken}
    return {**new, **carried}


def _line_of(questionnaire, cell):
    """The question and row of a cell; only the question where people add the rows."""
    code, row, _ = split_cell_id(cell)
    return code, "" if questionnaire.question(code).is_repeatable else row


def _cells(questionnaire, given, last, answered):
    """The answers with their origins where they were worked on, and last year's as carried elsewhere."""
    carried = carried_forward(questionnaire, last)
    cells = {}
    for cell, stored in given.items():
        if answered.worked_on(questionnaire, cell):
            is_last_years = not answered.anew and value_of(stored) == value_of(carried.get(cell))
            cells |= stamped({cell: stored}, Origin.CONFIRMED if is_last_years else Origin.TYPED)
    for cell, stored in carried.items():
        if not answered.worked_on(questionnaire, cell):
            cells |= stamped({cell: stored}, Origin.CARRIED)
    return cells


def _asked_only(cells, evaluation):
    asked = {cell.id for of_question in evaluation.asked.values() for cell in of_question}
    return {cell: stored for cell, stored in cells.items() if cell in asked}

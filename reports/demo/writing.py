"""Answers written in bulk as saving writes them: evaluated, with a revision, unusual figures explained."""

from dataclasses import dataclass, field

from questionnaires.actions import Given, explanation_of, record_summary, stamped, take_in
from questionnaires.cells import split_cell_id
from questionnaires.evaluation import carried_forward, evaluate
from questionnaires.filling.draw import lot
from questionnaires.models import Explanation, Origin, Reason, Response, Revision
from questionnaires.queries import context_of, questionnaire_of

BATCH = 500
REASONS = {
    "GS1": (
        Given("A new team started in April, so more children were taken on.", Reason.REAL_CHANGE),
        Given("Two posts were frozen from June, and the service took fewer children.", Reason.REAL_CHANGE),
        Given("The figures come from the new case system.", Reason.COUNTED_OTHERWISE),
        Given("It left out the evening clinics.", Reason.LAST_YEAR_WRONG),
    ),
    "GS2": (
        Given("It was not recorded for the whole month.", Reason.LAST_YEAR_WRONG),
        Given("The service was reorganised in September.", Reason.REAL_CHANGE),
    ),
}
OTHERWISE = (
    Given("Checked with the service manager.", Reason.UNUSUAL_BUT_RIGHT),
    Given("This is how the service is arranged locally; the Board agreed it.", Reason.OTHER),
    Given("The team is small, so a few children change the figure a lot.", Reason.UNUSUAL_BUT_RIGHT),
)


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


@dataclass
class Desk:
    """Collects responses with what hangs on them, and writes them by a few statements."""

    seed: int
    responses: list = field(default_factory=list)
    revisions: list = field(default_factory=list)
    explanations: list = field(default_factory=list)

    def answer(self, response, fresh, last, answered, listed=()):
        """Fill an unsaved Response.

        fresh: this year's answers, cell to stored JSON. last: last year's cells. Last year's answers stand as
        confirmed where they are worked on, and as carried elsewhere; answered.anew: they give way to fresh ones.
        """
        questionnaire = questionnaire_of(response)
        response.cells = _cells(questionnaire, fresh, last, answered)
        evaluation = evaluate(
            questionnaire, response.cells, context_of(response, last_year=last, listed=listed)
        )
        response.cells = _asked_only(response.cells, evaluation)
        explained = self._explain(response, evaluation, answered) if answered.explains else {}
        if explained:
            context = context_of(response, last_year=last, listed=listed)
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
        said = REASONS.get(problem.rule, OTHERWISE)
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


def _cells(questionnaire, fresh, last, answered):
    """Last year's answers, confirmed where they were worked on, and the fresh ones to whatever is not carried.

    A row is carried or fresh as a whole, and so are rows that people add themselves.
    """
    carried = carried_forward(questionnaire, last)
    if answered.anew:
        carried = {
            cell: stored for cell, stored in carried.items() if not answered.worked_on(questionnaire, cell)
        }
    taken = {_line_of(questionnaire, cell) for cell in carried}
    cells = {}
    for cell, stored in fresh.items():
        if answered.worked_on(questionnaire, cell) and _line_of(questionnaire, cell) not in taken:
            cells[cell] = {**stored, "o": Origin.TYPED.value}
    for cell, stored in carried.items():
        origin = Origin.CONFIRMED if answered.worked_on(questionnaire, cell) else Origin.CARRIED
        cells |= stamped({cell: stored}, origin)
    return cells


def _line_of(questionnaire, cell):
    """The question and row of a cell; only the question where people add the rows."""
    code, row, _ = split_cell_id(cell)
    return code, "" if questionnaire.question(code).is_repeatable else row


def _asked_only(cells, evaluation):
    asked = {cell.id for of_question in evaluation.asked.values() for cell in of_question}
    return {cell: stored for cell, stored in cells.items() if cell in asked}

"""Filling a questionnaire: draft, evaluate, and mend what the rules still find."""

from dataclasses import dataclass, field, replace

from questionnaires.cells import Special
from questionnaires.evaluation import Evaluation, evaluate
from questionnaires.filling.draft import Draft
from questionnaires.filling.surroundings import Surroundings

ROUNDS = 8
REDRAWN_FROM, GIVEN_UP_FROM = 2, 4  # the round in which what is wrong is drawn again, and is given up


@dataclass(frozen=True)
class Filled:
    """Answers, cell to stored JSON; and for what is unusual in them, (rule, cell) to what a reason is given for."""

    answers: dict = field(repr=False)
    explanations: dict = field(repr=False)
    evaluation: Evaluation = field(repr=False)

    @property
    def is_complete(self):
        """Whether nothing mandatory is missing and no hard rule is broken."""
        return not (self.evaluation.missing or hard_problems(self.evaluation))


def fill(questionnaire, context, rng, *, given=None, around=None, completeness=0.9, leave=()):
    """Example answers to whatever a questionnaire asks in a context, drawn by ``rng``: a Filled.

    given: answers to start from, cell to stored JSON; a question with any stays as it is unless a hard rule finds
    it wrong, or a mandatory cell of it is blank. context.last_year: figures move little from there, choices mostly
    stay. around: the Surroundings that figures and names are made of. completeness: the share of what is not
    mandatory that is answered. leave: codes of questions to leave as they are given, blank ones too.
    """
    answers, around = dict(given or {}), around or Surroundings()
    context = replace(context, unconfirmed=frozenset())
    left = right = frozenset({cell.partition("|")[0] for cell in answers}.union(leave))
    wanted: frozenset[str] = frozenset()
    for turn in range(ROUNDS):
        how = {"left": left, "right": right, "wanted": wanted, "completeness": completeness}
        draft = Draft(questionnaire, context, rng, answers, around, **how)
        answers = draft.stored()
        evaluation = evaluate(questionnaire, answers, context)
        problems = hard_problems(evaluation)
        if not problems and not evaluation.missing:
            break
        left, right = left.union(draft.asked), right - {problem.question for problem in problems}
        wanted = frozenset(evaluation.missing) | mended(draft, answers, problems, turn)
    explained = {problem.key: problem.given_for for problem in evaluation.problems if problem.reason_wanted}
    return Filled(answers, explained, evaluation)


def hard_problems(evaluation):
    return [problem for problem in evaluation.problems if problem.severity == "hard"]


def mended(draft, answers, problems, turn):
    """Take out of the answers what is wrong, to be drawn again; later put "not known" or leave it blank.

    Returns the cells to be drawn. In the first rounds the rules themselves shape the answers.
    """
    if turn < REDRAWN_FROM:
        return frozenset()
    again = set()
    for problem in problems:
        for cell in cells_of(draft, problem):
            answers.pop(cell.id, None)
            if turn < GIVEN_UP_FROM:
                again.add(cell.id)
            elif Special.NOT_KNOWN in cell.field.specials:
                answers[cell.id] = {"s": Special.NOT_KNOWN.value}
    return frozenset(again)


def cells_of(draft, problem):
    """The cells of a problem that belong to the question it stands at; all of its cells where none is named."""
    cells = draft.asked[problem.question]
    named = [cell for cell in cells if cell.id in problem.cells]
    return named or [cell for cell in cells if cell.id in draft.values_by_cell]

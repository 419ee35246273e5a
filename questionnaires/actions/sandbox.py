"""What visitors do in the sandbox: they answer, fill in examples, and clear. It writes to their desk only."""

from dataclasses import replace

from mapping.core import clock
from questionnaires import desk
from questionnaires.actions.writing import Given
from questionnaires.desk import Paper, Said
from questionnaires.filling import Surroundings, fill
from questionnaires.filling.draw import lot
from questionnaires.queries.sandbox import (
    EXAMPLE,
    EXAMPLE_AREA,
    paper_name,
    papers_of_desk,
)

EXAMPLE_REASON = Given("Checked with the team: the figure is right.")
DRAWS = 3  # of which the one is taken that asks the most: an answer may hide many questions
NAMED = 4  # organisations that example answers choose from, beside the own one


def take_in(tried, posted, token):
    """Lay what a section page sent on the desk; returns the Tried as it stands then. Raises NotKept."""
    cells = dict(tried.response.cells)
    for cell, stored in posted.cells.items():
        if stored is None:
            cells.pop(cell, None)
        else:
            cells[cell] = stored
    paper = _next(tried, cells, tried.response.paper.reasons)
    after = tried.with_paper(paper)
    reasons = _reasons(after, posted.reasons)
    if reasons != paper.reasons:
        after = tried.with_paper(replace(paper, reasons=reasons))
    return _kept(after, token)


def _reasons(tried, given):
    """What explains the unusual on a paper, with what a page gave taken in; an empty Given takes it back."""
    reasons = dict(tried.response.paper.reasons)
    wanted = {p.key: p for p in tried.evaluation.problems if p.key in given and p.reason_wanted}
    for key, problem in wanted.items():
        if not (given[key].text or given[key].reason):
            reasons.pop(key, None)
        elif key not in reasons or not _stands(reasons[key], given[key], problem):
            reasons[key] = _said(given[key], problem)
    return reasons


def _stands(said, given, problem):
    """Whether that is said already, and of the same figures."""
    is_same = (said.text, said.reason) == (given.text, given.reason)
    return is_same and said.given_for in (problem.given_for, "")


def _said(given, problem):
    given_for = problem.given_for if given.explains(problem) else ""
    return Said(given.text, given.reason, given_for, clock.now().isoformat())


def fill_in(tried, token):
    """Answer all that is still open with examples; what the visitor has answered rightly stays. Raises NotKept."""
    draws = [_filled(tried, number) for number in range(DRAWS)]
    fullest = max(draws, key=lambda filled: (filled.is_complete, len(filled.evaluation.asked)))
    after = tried.with_paper(_next(tried, fullest.answers, tried.response.paper.reasons))
    return _kept(after.with_paper(_explained(after)), token)


def _filled(tried, number):
    """The example answers of one draw: the same ones for everybody who starts from the same answers."""
    known = tuple(key for key in tried.registers.organisations if key != EXAMPLE)[:NAMED]
    around = Surroundings(areas=(EXAMPLE_AREA,), organisations=(EXAMPLE, *known))
    rng = lot("sandbox", tried.response.part.collection.slug, tried.guise.key, tried.name, number)
    given = tried.response.cells
    return fill(tried.questionnaire, tried.context, rng, given=given, around=around, completeness=1)


def _explained(tried):
    """The paper with a reason for all that is unusual and wants one; the visitor's own ones stay."""
    paper = tried.response.paper
    wanted = {p.key: p for p in tried.evaluation.problems if p.reason_wanted and not p.explained}
    new = {key: _said(EXAMPLE_REASON, problem) for key, problem in wanted.items()}
    return replace(paper, reasons={**paper.reasons, **new})


def clear(tried, token):
    """Take one questionnaire off the desk."""
    desk.clear(token, [paper_name(tried.response.part.collection, tried.guise, tried.name)])


def clear_all(collection, token):
    """Take everything off the desk."""
    desk.clear(token, papers_of_desk(collection))


def _next(tried, cells, reasons):
    return Paper(cells, reasons, tried.response.version + 1, clock.now().isoformat())


def _kept(tried, token):
    collection = tried.response.part.collection
    desk.keep(token, paper_name(collection, tried.guise, tried.name), tried.response.paper)
    return tried

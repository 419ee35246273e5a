"""Which warnings a correction followed: pure, from revisions to the problems that went with another value."""

from questionnaires.models import Origin


def states(cells, revisions):
    """Answers around each revision, the latest first: (revision, cells before it, cells after it).

    cells: the current ones, cell to stored JSON. revisions: the latest first.
    """
    after = cells
    for revision in revisions:
        before = dict(after)
        for cell, (old, _) in revision.changed.items():
            if old is None:
                before.pop(cell, None)
            else:
                before[cell] = old
        yield revision, before, after
        after = before


def corrected_cells(revision):
    """Cells to which a revision gave another value in place of one that somebody had given in this collection."""
    return {
        cell
        for cell, (old, new) in revision.changed.items()
        if old and new and old.get("o") != Origin.CARRIED and _said(old) != _said(new)
    }


def _said(stored):
    return stored.get("v"), stored.get("s")


def corrections(cells, revisions, problems_of):
    """Keys (rule, first cell) of the warnings that a correction of one of their cells ended, and their questions.

    problems_of: answers -> the problems that they have. Returns {key: question}.
    """
    found = {}
    for revision, before, after in states(cells, revisions):
        if changed := corrected_cells(revision):
            left = {problem.key for problem in problems_of(after) if problem.reason_wanted}
            for problem in problems_of(before):
                if problem.reason_wanted and problem.key not in left and changed & set(problem.cells):
                    found[problem.key] = problem.question
    return found

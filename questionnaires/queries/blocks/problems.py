"""What is wrong or unusual, shown where it is."""

from django.utils import timezone

from questionnaires.cells import split_cell_id
from questionnaires.evaluation import EXPECTED
from questionnaires.models import Reason
from questionnaires.queries.blocks.shown import ProblemView, html_id

MARKED_AT_MOST = 3  # a breakdown that does not add up says so below, no one cell of it is wrong


def problems_at(sheet, question):
    """The problems shown at a question: those whose first cell is there; what is merely expected stays quiet."""
    own = [p for p in sheet.evaluation.problems if _home(sheet, p) == question.key and p.rule != EXPECTED]
    return sorted(own, key=lambda problem: problem.severity != "hard")


def _home(sheet, problem):
    code = split_cell_id(problem.cells[0])[0] if problem.cells else ""
    return code if code in sheet.evaluation.asked else problem.question


def problem_view(sheet, problem):
    """A Problem in the words of the page, with the reason that was given for it."""
    place = html_id(problem.cells[0] if problem.cells else problem.question)
    view = ProblemView(
        "error" if problem.severity == "hard" else "unusual", problem.message, f"{place}_{problem.rule}"
    )
    if finding := sheet.findings.get(problem.key if problem.cells else None):
        view.why_words, view.explain_url = finding.explanation, sheet.finding_urls.get(problem.key, "")
        if finding.explanation:
            view.explained = f"Explained by {finding.explained_by}."
    if problem.reason_wanted:
        rule, cell = problem.key
        view.reason_name, view.why_name = f"reason:{rule}:{cell}", f"why:{rule}:{cell}"
        view.choices, view.words_wanted = Reason.choices, problem.words_wanted
        if explanation := sheet.explanations.get(problem.key):
            view.reason, view.why = explanation.text, explanation.reason
            view.why_words = explanation.words
            view.explained = _explained(problem, explanation)
    return view


def _explained(problem, explanation):
    """Who explained it and what that is worth now, in words."""
    at = timezone.localtime(explanation.at)
    if problem.explained:
        return f"Explained by {explanation.by}, {at.day} {at:%B}. Your director reads it at sign-off."
    if not explanation.given_for:
        return "Not explained yet: say it in a few words as well."
    return f"{explanation.by} explained other figures on {at.day} {at:%B}. Say whether it still holds."


def row_problems(sheet, question, row):
    """The problems of a question that are about one of its rows only."""
    return [
        problem_view(sheet, problem)
        for problem in problems_at(sheet, question)
        if {split_cell_id(cell)[:2] for cell in problem.cells} == {(question.key, row)}
    ]


def wrong_cells(sheet):
    """Cells to be marked as wrong: those of hard problems, where it is a few cells that do not agree."""
    hard = (problem for problem in sheet.evaluation.problems if problem.severity == "hard")
    return {cell for problem in hard if len(problem.cells) <= MARKED_AT_MOST for cell in problem.cells}


def explained_so_far(sheet):
    """The reasons given at warnings: question code, text and who."""
    known = sheet.questionnaire.questions
    return [
        (known[code].code, explanation.words, str(explanation.by))
        for (_, cell), explanation in sheet.explanations.items()
        if explanation.given_for and (code := split_cell_id(cell)[0]) in known
    ]

"""What of a response a person may see: with a delegation of some sections, those and nothing of the others."""

import re
from collections.abc import Mapping
from dataclasses import replace

from mapping.returns.workflow import Progress
from questionnaires.cells import split_cell_id
from questionnaires.models import Delegation
from questionnaires.querysets import reads_everything

ELSEWHERE = (
    "This does not agree with an answer in a section that somebody else answers. Ask your mapping lead."
)


def asked_of(response):
    """The standing delegations of a response, each with the person's name."""
    rows = Delegation.objects.standing().filter(response=response.pk)
    return list(rows.select_related("to", "invitation"))


def visible_sections(user, response, delegations=None):
    """Keys of the sections of a response that ``user`` may see, as a set; None stands for all of them.

    delegations: as ``asked_of`` gives them, where the caller has read them already.
    """
    if user.staff_role or response.organisation_id in reads_everything(user):
        return None
    rows = asked_of(response) if delegations is None else delegations
    own = {row.section for row in rows if row.to_id == user.pk}
    return None if "" in own else own


def is_visible(sections, key):
    """Whether a section is among those that ``visible_sections`` gave."""
    return sections is None or key in sections


def visible_evaluation(evaluation, questionnaire, sections):
    """An Evaluation without anything of hidden sections; a problem that tells of them says so without the figure."""
    if sections is None:
        return evaluation
    own = {code for code, question in questionnaire.questions.items() if question.section in sections}
    problems = (p for p in evaluation.problems if p.section in sections)
    wholes = {
        code: whole
        for code, whole in evaluation.wholes.items()
        if code in own and _total_of(questionnaire, code) in own
    }
    return replace(
        evaluation,
        asked={code: cells for code, cells in evaluation.asked.items() if code in own},
        missing=_of(own, evaluation.missing),
        unconfirmed=_of(own, evaluation.unconfirmed),
        totals={cell: total for cell, total in evaluation.totals.items() if split_cell_id(cell)[0] in own},
        wholes=wholes,
        problems=tuple(_without_others(problem, questionnaire, own) for problem in problems),
        sections={key: state for key, state in evaluation.sections.items() if key in sections},
    )


def _total_of(questionnaire, code):
    """The question that holds the total of a breakdown."""
    return split_cell_id(questionnaire.question(code).breakdown.arguments["total"])[0]


def _of(own, cells):
    return tuple(cell for cell in cells if split_cell_id(cell)[0] in own)


def _without_others(problem, questionnaire, own):
    """The problem, its message replaced and its cells cut down where it looks at hidden questions."""
    if not _looked_at(problem, questionnaire) - own:
        return problem
    return replace(problem, message=ELSEWHERE, cells=_of(own, problem.cells))


def _looked_at(problem, questionnaire):
    """Codes of the questions that a problem is about, those that its rule refers to among them."""
    question = questionnaire.question(problem.question)
    by_code = {other.code: other.key for other in questionnaire.questions.values()}
    arguments = [rule.arguments for rule in question.rules if rule.id == problem.rule]
    codes = {split_cell_id(cell)[0] for cell in problem.cells} | set(_texts(arguments))
    codes |= {by_code[code] for code in re.findall(r"\((\w+)\)", problem.message) if code in by_code}
    known = codes & questionnaire.questions.keys()
    sources = {
        split_cell_id(reference)[0]
        for code in known
        for reference in questionnaire.question(code).computed_from
    }
    return (codes | sources) & questionnaire.questions.keys()


def _texts(value):
    """The question codes at the front of all texts in a rule's arguments."""
    if isinstance(value, str):
        yield split_cell_id(value)[0]
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)


def section_to_open(response, sections):
    """The key of the section to open first: one with errors, else one that is not complete, else the first.

    sections: those that the reader sees, in order; returns None where there are none.
    """
    keys = [section.key for section in sections]
    states = {key: response.sections.get(key, {}) for key in keys}
    wrong = [key for key in keys if states[key].get("hard")]
    unfinished = [key for key in keys if states[key].get("progress") != Progress.COMPLETE]
    return next(iter(wrong + unfinished + keys), None)

"""Findings of rules across organisations, as pages show them."""

from dataclasses import dataclass, replace

from mapping.returns.addresses import page
from questionnaires.evaluation import Problem
from questionnaires.models import Finding
from questionnaires.queries.blocks import html_id
from questionnaires.queries.reading import questionnaire_of

RELATED = (
    "explained_by", "response__pin", "response__service_entry", "response__organisation",
    "response__part__collection", "response__part__annual_return__organisation",
    "response__part__annual_return__collection",
)  # fmt: skip


@dataclass(frozen=True)
class FindingLine:
    """A finding with its place in words, the address of its answer, and where it is explained."""

    finding: Finding
    name: str
    label: str
    url: str
    explain_url: str

    @property
    def is_explained(self):
        return bool(self.finding.explanation)


def findings_of(user, annual_return, kind=None):
    """The standing findings of a return, or of one of its parts, as FindingLines; one query."""
    rows = Finding.objects.visible_to(user).standing().filter(response__part__annual_return=annual_return)
    return _lines(rows.filter(response__part__kind=kind) if kind else rows)


def gone_findings_of(user, annual_return):
    """The findings of a return that hold no longer, as FindingLines; one query. Since when would tell of others."""
    rows = Finding.objects.visible_to(user).gone().filter(response__part__annual_return=annual_return)
    return _lines(rows)


def _lines(rows):
    lines = (line_of(finding) for finding in rows.select_related(*RELATED))
    return [line for line in lines if line]


def line_of(finding):
    """The FindingLine of a finding read with ``RELATED``; None where its question is not asked any more."""
    response = finding.response
    annual_return, question = response.part.annual_return, _question_of(finding)
    if question is None:
        return None
    place = {"response": response.pk, "section": question.section}
    return FindingLine(
        finding,
        name=str(response),
        label=question.name,
        url=f"{page('questionnaires:section', annual_return, **place)}#{_place(question, finding)}",
        explain_url=page("questionnaires:finding", annual_return, finding=finding.pk),
    )


def _question_of(finding):
    return questionnaire_of(finding.response).questions.get(finding.cell.partition("|")[0])


def _place(question, finding):
    return f"q-{question.key}" if question.is_table or question.stored_in else html_id(finding.cell)


def findings_at(response):
    """The standing findings at the answers of a response: (rule, cell) -> Finding; none where nothing is stored."""
    if response.pk is None:
        return {}
    rows = Finding.objects.standing().filter(response=response.pk).select_related("explained_by")
    return {(finding.rule, finding.cell): finding for finding in rows}


def with_findings(evaluation, questionnaire, findings):
    """An Evaluation that shows findings as soft problems; they count for nothing in it and want no reason there."""
    asked = [finding for finding in findings.values() if finding.cell.partition("|")[0] in evaluation.asked]
    problems = tuple(_problem(questionnaire, finding) for finding in asked)
    return replace(evaluation, problems=(*evaluation.problems, *problems))


def _problem(questionnaire, finding):
    question = questionnaire.question(finding.cell.partition("|")[0])
    return Problem(
        rule=finding.rule,
        severity="soft",
        question=question.key,
        section=question.section,
        cells=(finding.cell,),
        message=finding.message,
        explained=bool(finding.explanation),
    )


def counts_of(annual_return):
    """(how many findings stand, how many of them are explained) in a return."""
    rows = Finding.objects.standing().filter(response__part__annual_return=annual_return)
    explanations = list(rows.values_list("explanation", flat=True))
    return len(explanations), sum(bool(text) for text in explanations)

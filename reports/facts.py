"""Facts: what the answers of one response say, under the names of measures. Pure.

Only cells whose question or column names a ``measure`` become facts. A blank is a fact of its own where an answer
was owed, so that a table can tell "no response" from "not asked".
"""

from dataclasses import dataclass
from decimal import Decimal

from questionnaires.cells import Special, cell_id
from questionnaires.evaluation import evaluate

ANSWERED, BLANK = "answered", "blank"
RESPONSE = "response"  # the measure that says that a questionnaire was answered, and how far
CHOICE_LENGTH = 60


@dataclass(frozen=True)
class Fact:
    """One statement: ``state`` is answered, NK, NC, NA or blank; an answered one has a number or a choice.

    item: row of a table, or option of a multiple choice. area: GSS code of the area of residence.
    """

    measure: str
    item: str = ""
    area: str = ""
    state: str = ANSWERED
    number: Decimal | None = None
    choice: str = ""
    unit: str = ""


def facts_of(questionnaire, answers, context, evaluation=None):
    """The facts of one response, the one about the response itself first.

    answers: cell to JSON as stored. context: ``evaluation.Context`` with the organisation's type and, for a
    service, its category and the fields of its entry. An answer to what is not asked says nothing.
    evaluation: that of these answers, where the caller has it already.
    """
    evaluation = evaluation or evaluate(questionnaire, answers, context)
    facts = [_about_response(questionnaire, evaluation)]
    for code, cells in evaluation.asked.items():
        question = questionnaire.question(code)
        for cell in cells:
            if measure := _measure(question, cell):
                value = _value(cell, answers, context, evaluation.totals)
                facts += _facts_of_cell(measure, question, cell, value, answers)
    return facts


def _about_response(questionnaire, evaluation):
    """How much of what was owed is answered, in percent (indicator R06), and the progress."""
    share = Decimal(100)
    if evaluation.mandatory:
        share = (Decimal(evaluation.answered * 100) / evaluation.mandatory).quantize(Decimal("0.01"))
    return Fact(RESPONSE, item=questionnaire.key, number=share, choice=str(evaluation.progress), unit="%")


def _measure(question, cell):
    """The name of the column's measure, or of the question's."""
    return cell.field.measure or (question.measure if len(question.columns) <= 1 else "")


def _value(cell, answers, context, totals):
    """The Python value, Special or None of a cell, wherever it is kept."""
    if cell.question.is_computed:
        return totals.get(cell.id)
    if cell.question.stored_in:
        kept = context.entry.get(cell.question.stored_in.rpartition(".")[2])
        return None if kept in (None, "", []) else cell.field.kind.value({"v": kept})
    return cell.field.kind.value(answers.get(cell.id))


def _facts_of_cell(measure, question, cell, value, answers):
    item, area = _place(question, cell, answers)
    unit = cell.field.unit or question.unit
    if value is None:
        owed = cell.field.mandatory == "yes" and question.rows_needed == "all" and not question.is_repeatable
        return [Fact(measure, item, area, state=BLANK, unit=unit)] if owed else []
    if isinstance(value, Special):
        return [Fact(measure, item, area, state=str(value), unit=unit)]
    if isinstance(value, tuple):
        return _facts_of_list(measure, item, cell.field, value)
    if isinstance(value, int | Decimal):
        return [Fact(measure, item, area, number=Decimal(value), unit=unit)]
    return [Fact(measure, item, area, choice=str(value)[:CHOICE_LENGTH], unit=unit)]


def _facts_of_list(measure, row, field, chosen):
    """A yes or no for each option that was offered; of a register, a yes for each that was named.

    In a table the item is the row and the option: ``j01 5NR``.
    """
    offered = [option.key for option in field.options] or list(chosen)
    keys = offered + [key for key in chosen if key not in offered]
    return [Fact(measure, f"{row} {key}".strip(), choice="yes" if key in chosen else "no") for key in keys]


def _place(question, cell, answers):
    """The item and the area of residence that a cell speaks of."""
    area_column = next((column for column in question.columns if column.type == "area"), None)
    if area_column is None:
        return cell.row, ""
    stored = answers.get(cell_id(question.key, cell.row, area_column.key)) or {}
    area = stored.get("v", "")
    return ("", area) if isinstance(area, str) and area else (cell.row, "")

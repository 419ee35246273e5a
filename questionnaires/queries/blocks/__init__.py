"""What a section page shows of each question: blocks of fields, with last year's answers, problems and totals."""

from questionnaires.queries.about import CATEGORIES_PROVIDED
from questionnaires.queries.blocks.fields import field_view, last_total, mark_of
from questionnaires.queries.blocks.problems import explained_so_far, problem_view, problems_at, wrong_cells
from questionnaires.queries.blocks.shown import Block, Marked, Sheet, html_id, kind_of
from questionnaires.queries.blocks.tables import fill_cards, fill_fields, fill_table

__all__ = ["Sheet", "blocks_of", "html_id"]


def blocks_of(sheet):
    """The blocks of a section's asked questions in order, a head before each run of figures."""
    blocks, in_figures = [], False
    for question in sheet.section.questions:
        if question.key not in sheet.evaluation.asked:
            continue
        block = _block(sheet, question)
        if block.kind == "figure" and not in_figures:
            blocks.append(Block("head", f"head-{question.key}", last_year_head=sheet.head_of_last_year))
        in_figures = block.kind == "figure"
        blocks.append(block)
    return blocks


def _block(sheet, question):
    block = Block(
        kind=kind_of(question),
        key=question.key,
        code=question.code,
        label=question.label,
        hint=question.help,
        history_url=f"{sheet.history_url}?question={question.key}" if sheet.history_url else "",
        can_edit=sheet.can_edit,
        marked=_marked(sheet, question),
    )
    block.problems = [problem_view(sheet, problem) for problem in problems_at(sheet, question)]
    FILL[block.kind](sheet, question, block)
    if question.shows == "explanations":
        block.notes = explained_so_far(sheet)
    if question.shows == "provision_record":
        block.record = getattr(sheet.context.dates, question.at)
    if question.shows == CATEGORIES_PROVIDED:
        block.categories = sheet.context.entry.get(CATEGORIES_PROVIDED, [])
    return block


def _marked(sheet, question):
    """How many answers of a question began as last year's, and how they stand now."""
    marks = [mark_of(sheet, cell) for cell in sheet.evaluation.asked[question.key]]
    return Marked(
        carried=marks.count("carried"),
        confirmed=marks.count("confirmed"),
        changed=marks.count("changed"),
        since=sheet.earlier.named,
    )


def _fill_single(sheet, question, block):
    cell = sheet.evaluation.asked[question.key][0]
    block.field = field_view(sheet, cell, wrong=wrong_cells(sheet))
    block.answer = block.field.answer
    if question.is_computed:
        total = sheet.evaluation.totals.get(question.key)
        block.field.widget, block.field.answer = "output", "" if total is None else f"{total:,}"
        block.field.last_year = last_total(sheet, question.formula) if question.formula else ""
    if block.problems:
        block.field.described = f"{block.problems[0].id}_error {block.field.described}"


def _fill_stored(sheet, question, block):
    """A question that a model keeps: shown with a link to where it is changed."""
    value = sheet.context.entry.get(question.stored_in.rpartition(".")[2])
    block.change_url = sheet.change_urls.get(question.key, "")
    if question.is_table:
        names = sheet.registers.organisations or {}
        parts = [
            (names.get(row.get("organisation"), row.get("organisation", "")), row.get("part", ""))
            for row in value or []
        ]
        block.answer = "; ".join(f"{name} ({part})" if part else name for name, part in parts)
    elif value not in (None, ""):
        block.answer = question.kind.shown({"v": value}, question, sheet.registers)
    block.answer = block.answer or "Not answered"
    block.partners = sheet.partners if question.stored_in == "entry.joint_with" else []


FILL = {
    "figure": _fill_single,
    "words": _fill_single,
    "stored": _fill_stored,
    "fields": fill_fields,
    "table": fill_table,
    "cards": fill_cards,
}

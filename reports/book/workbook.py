"""The book of questions as a workbook: a sheet for each questionnaire, a line for each question."""

import io

import xlsxwriter

HEADS = (
    ("Section", 22), ("Code", 10), ("Question", 48), ("Help", 34), ("Answer", 22), ("Choices", 34), ("Rows", 34),
    ("Columns", 40), ("Date or period", 20), ("Needed", 16), ("Asked when", 28), ("Checks", 56), ("Besides", 30),
)  # fmt: skip
SHEET_NAME_LENGTH = 31


def as_workbook(book, exercise):
    """The Book as XLSX bytes. Everything is written as words: nothing in it can be read as a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        workbook.set_properties({"title": f"{exercise}: questions of {book.year}"})
        head = workbook.add_format({"bold": True, "bottom": 1, "valign": "top"})
        text = workbook.add_format({"text_wrap": True, "valign": "top"})
        _write_front(workbook.add_worksheet("Contents"), book, exercise, head, text)
        for questionnaire in book.questionnaires:
            name = f"{questionnaire.code} {questionnaire.title}"[:SHEET_NAME_LENGTH]
            _write_questionnaire(workbook.add_worksheet(name), questionnaire, head, text)
    return out.getvalue()


def _write_front(sheet, book, exercise, head, text):
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 14)
    sheet.set_column(2, 2, 60)
    sheet.write_string(0, 0, f"{exercise}: the questions of {book.year}", head)
    for column, words in enumerate(("Questionnaire", "Questions", "Answered by")):
        sheet.write_string(2, column, words, head)
    for row, entry in enumerate(book.questionnaires, start=3):
        sheet.write_string(row, 0, entry.title, text)
        sheet.write_number(row, 1, entry.number, text)
        sheet.write_string(row, 2, ", ".join(entry.respondents), text)


def _write_questionnaire(sheet, questionnaire, head, text):
    for column, (words, width) in enumerate(HEADS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, words, head)
    entries = [(section, question) for section in questionnaire.sections for question in section.questions]
    for row, (section, question) in enumerate(entries, start=1):
        for column, words in enumerate(line_of(section, question)):
            sheet.write_string(row, column, words, text)
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, len(entries), len(HEADS) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def line_of(section, question):
    """The texts of one question, in the order of HEADS."""
    asked = "; ".join(filter(None, (section.asked, question.asked)))
    return (
        f"{section.key}  {section.title}",
        question.code,
        question.label,
        question.help,
        " ".join(filter(None, (question.answer.kind, question.answer.limits))),
        "\n".join(question.answer.choices),
        "\n".join(_with_condition(part, part.label) for part in question.rows),
        "\n".join(_with_condition(part, _column(part)) for part in question.columns),
        question.period,
        question.need,
        asked,
        "\n".join(f"{rule.id} ({rule.severity}): {rule.text}" for rule in question.rules),
        "\n".join(question.marks),
    )


def _column(part):
    choices = f" ({'; '.join(part.answer.choices)})" if part.answer.choices else ""
    return f"{part.label}: {part.answer.kind.lower()}{choices}"


def _with_condition(part, words):
    return f"{words} [if {part.asked}]" if part.asked else words

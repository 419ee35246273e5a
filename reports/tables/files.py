"""Tidy lines as files: CSV, XLSX and JSON. Pure: bytes out, nothing is written to disk."""

import csv
import io
import json
from dataclasses import asdict, fields

import xlsxwriter

from mapping.returns.spreadsheets import safe_cell
from reports.tables.lines import MARKS, Line, is_figure

COLUMNS = tuple(field.name for field in fields(Line))
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def as_csv(table, lines):
    """UTF-8, comma, LF, one line a figure. Words, such as names of the register, are never read as formulas."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_in_csv(getattr(line, column)) for column in COLUMNS] for line in lines)
    return out.getvalue().encode()


def _in_csv(value):
    return safe_cell(value) if isinstance(value, str) else value


def as_json(table, lines):
    """The same with what is needed to read it: title, how to read it, the meaning of the marks."""
    content = {
        "table": table.code,
        "title": table.title,
        "how_to_read": table.how_to_read,
        "marks": MARKS,
        "lines": [asdict(line) for line in lines],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def as_xlsx(table, lines):
    """A workbook with the figures and a sheet on how to read them. Words are written as words, never as formulas."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        bold = workbook.add_format({"bold": True})
        _write_figures(workbook.add_worksheet("Figures"), lines, bold)
        _write_notes(workbook.add_worksheet("How to read"), table, bold)
    return out.getvalue()


def _write_figures(sheet, lines, bold):
    for column, name in enumerate(COLUMNS):
        sheet.write_string(0, column, name, bold)
    for row, line in enumerate(lines, start=1):
        for column, name in enumerate(COLUMNS):
            value = getattr(line, name)
            if is_figure(value):
                sheet.write_number(row, column, value)
            else:
                sheet.write_string(row, column, value)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(lines), 1), len(COLUMNS) - 1)
    sheet.autofit()


def _write_notes(sheet, table, bold):
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 100)
    rows = [(table.code, table.title), *(("", words) for words in table.how_to_read), *MARKS.items()]
    for row, (term, words) in enumerate(rows):
        sheet.write_string(row, 0, term, bold)
        sheet.write_string(row, 1, words)


FORMATS = {"csv": as_csv, "xlsx": as_xlsx, "json": as_json}

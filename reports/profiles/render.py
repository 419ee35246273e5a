"""From a Document to a PDF: tagged (PDF/UA-1), with embedded fonts, the same bytes for the same input.

WeasyPrint needs libraries of the system and is imported only when a PDF is made, so that the site
starts without them. Nothing is fetched: images and fonts come as data, all else is refused.
"""

import gc
import logging
from base64 import b64encode
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.conf import settings
from django.template import Context, Engine

from reports.charts.svg import REPORT, number
from reports.profiles.document import (
    Figure,
    ReadingKey,
    Table,
    TwoColumns,
    marks_note,
    numbered,
    without_empty_columns,
)

ROOT = Path(__file__).resolve().parents[2]
STYLESHEET = ROOT / "static" / "css" / "report.css"
FONTS = ROOT / "static" / "vendor" / "source-sans-3"
TEMPLATES = "reports/profile"
WHOLE_PAGE_ROWS = 38  # a table that fits on a page never breaks, a longer one repeats its head
BAR_MM = 14  # a bar in a cell at 100%


def exercise():
    """The name of the exercise as it is set in print."""
    return settings.SITE_NAME.replace("'", "’")


class RenderError(Exception):
    """The PDF could not be made, or not as it must be (an error in WeasyPrint's log)."""


def render_pdf(document):
    """The PDF of ``document`` as bytes.

    Raises RenderError if WeasyPrint is not installed with its libraries or logs any error.
    """
    return write_pdf(render_html(document))


def write_pdf(html):
    """The PDF of a page of HTML that is dressed by the stylesheet of reports; raises as ``render_pdf``."""
    weasyprint, fonts = load_weasyprint()
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=["data"])
    configuration = fonts.FontConfiguration()
    with errors_of_the_log(), without_garbage_collection():
        css = weasyprint.CSS(string=stylesheet(), url_fetcher=fetcher, font_config=configuration)
        page = weasyprint.HTML(string=html, url_fetcher=fetcher)
        return page.write_pdf(stylesheets=[css], font_config=configuration, pdf_variant="pdf/ua-1")


def load_weasyprint():
    """The library and its font module; a system without pango gets a clear message."""
    try:
        import weasyprint
        from weasyprint.text import fonts
    except OSError as error:
        raise RenderError(
            f"PDFs need the system packages libpango-1.0-0 and libpangoft2-1.0-0: {error}"
        ) from error
    return weasyprint, fonts


@contextmanager
def errors_of_the_log():
    """Raise RenderError after the block if the log of WeasyPrint has an error (a picture without words)."""
    found = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: found.append(record.getMessage())
    logger = logging.getLogger("weasyprint")
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
    if found:
        raise RenderError("; ".join(found))


@contextmanager
def without_garbage_collection():
    """Layout makes many objects that all live to its end: collecting on the way costs a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@cache
def stylesheet():
    """The stylesheet of reports, with the fonts written into it."""
    return font_faces() + STYLESHEET.read_text(encoding="utf-8")


def font_faces():
    faces = []
    for subset in ("latin", "latin-ext"):
        for weight in (400, 600):
            data = (FONTS / f"source-sans-3-{subset}-{weight}-normal.woff2").read_bytes()
            faces.append(
                f'@font-face {{ font-family: "{REPORT.font}"; font-weight: {weight}; '
                f"src: url(data:font/woff2;base64,{b64encode(data).decode()}) format('woff2'); }}\n"
            )
    return "".join(faces)


@cache
def engine():
    """Templates only: no context processors, no tags of the site, so a report needs no request."""
    return Engine(dirs=[ROOT / "templates"], autoescape=True)


def render_html(document):
    """The HTML that the PDF is made of. Names of the registers get the apostrophe of print."""
    document = numbered(document)
    context = {
        "document": document,
        "cover_map": image(document.cover.map),
        "band": data_uri(band_svg(document.band)) if document.band else "",
        "contents_blocks": [block_view(block) for block in document.contents],
        "sections": [
            {"section": section, "blocks": [block_view(block) for block in section.blocks]}
            for section in document.sections
        ],
    }
    html = engine().get_template(f"{TEMPLATES}/document.html").render(Context(context, use_l10n=False))
    return html.replace("&#x27;", "’")


def block_view(block):
    """What the template of a block gets: its own name, the block, and what is worked out for it."""
    name = type(block).__name__
    view = {"template": f"{TEMPLATES}/_{name.lower()}.html", "block": block}
    if isinstance(block, Table):
        view |= table_view(block)
    elif isinstance(block, Figure):
        view["image"] = image(block.chart)
    elif isinstance(block, TwoColumns):
        view["left"] = [block_view(inner) for inner in block.left]
        view["right"] = [block_view(inner) for inner in block.right]
    elif isinstance(block, ReadingKey):
        view["charts"] = [{"image": image(chart), "words": words} for chart, words in block.charts]
    return view


def data_uri(svg):
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def image(chart):
    """Source, words and size of a chart for its img element."""
    return {
        "src": data_uri(chart.svg),
        "alt": chart.alt,
        "width": number(chart.width_mm),
        "height": number(chart.height_mm),
    }


def table_view(table):
    """Heads in one or two lines, rows as lists of cells with their classes, the note with its marks."""
    table = without_empty_columns(table)
    breaks = len(table.rows) > WHOLE_PAGE_ROWS
    first = table.columns[0].head
    return {
        "breaks": breaks,
        "first_head": f"Table {table.number}: {first[0].lower()}{first[1:]}" if breaks else first,
        "upper": upper_heads(table.columns),
        "columns": [column_view(table.columns, index) for index in range(len(table.columns))],
        "rows": [row_view(table.columns, row) for row in table.rows],
        "has_codes": any(row.code for row in table.rows),
        "width": number(sum(column.width_mm for column in table.columns)),
        "is_tall": any(
            cell.tone.startswith("large") or cell.chart for row in table.rows for cell in row.cells
        ),
        "note": " ".join(filter(None, [marks_note(table), table.note])),
    }


def column_class(columns, index):
    """n: number, right-aligned; t: text; after: text right of a number, a little apart."""
    if columns[index].is_number and index:
        return "n"
    return "t after" if index and columns[index - 1].is_number and index > 1 else "t"


def column_view(columns, index):
    column = columns[index]
    return {
        "head": column.head,
        "width": number(column.width_mm),
        "css": column_class(columns, index),
        "is_under": bool(column.above),
    }


def upper_heads(columns):
    """The upper line of heads: runs of columns with the same text; empty where no column has one."""
    if not any(column.above for column in columns):
        return []
    runs = []
    for index, column in enumerate(columns):
        if column.above and runs and runs[-1]["text"] == column.above:
            runs[-1]["span"] += 1
        else:
            text = column.above or column.head
            css = "upper" if column.above else column_class(columns, index)
            runs.append({"text": text, "span": 1, "is_group": bool(column.above), "css": css, "index": index})
    return runs


def row_view(columns, row):
    return {
        "kind": row.kind,
        "code": row.code,
        "head": row.cells[0],
        "span": len(columns),
        "cells": [cell_view(columns, index, cell) for index, cell in enumerate(row.cells) if index],
    }


def cell_view(columns, index, cell):
    return {
        "cell": cell,
        "css": " ".join(filter(None, [column_class(columns, index), cell.tone])),
        "image": image(cell.chart) if cell.chart else None,
        "bar": None if cell.bar is None else number(cell.bar * BAR_MM / 100),
    }


def band_svg(words):
    """The band up the left edge of a provisional document: three times its words, in mm."""
    texts = "".join(
        f'<text transform="translate(3.55 {bottom}) rotate(-90)" font-size="2.9" font-weight="600" '
        f'fill="{REPORT.accent}">{words}</text>'
        for bottom in (95, 188, 281)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="5.3mm" height="297mm" viewBox="0 0 5.3 297" '
        f'font-family="{REPORT.font}"><rect width="5.3" height="297" fill="#fdf0df"/>'
        f'<rect x="4.8" width="0.5" height="297" fill="{REPORT.accent}"/>{texts}</svg>'
    )

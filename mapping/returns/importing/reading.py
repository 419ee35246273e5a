"""Turning an uploaded file into rows of text: CSV in any usual encoding, XLSX, Open Referral UK JSON.

Nothing in a file is ever run: of a workbook only the stored values are read, and cells that hold a formula
are named so that their rows can be refused. A file that is too long is refused after its first rows, one
that would unpack to more than it should before it is unpacked.
"""

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError

import python_calamine
from defusedxml import DefusedXmlException, ElementTree

from mapping.returns.importing.columns import heading_matches

MAX_ROWS = 5_000
MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_COLUMNS = 200
MAX_CELL_CHARACTERS = 20_000
MAX_CELLS = 5_000_000  # of a sheet, counted from its first cell to its last
MAX_ROW_BYTES = 5 * 1024 * 1024
SAMPLE_CHARACTERS = 20_000  # of a CSV file, looked at to find its delimiter
HEADING_WITHIN = 10  # rows; titles above the headings are passed over
CHUNK_BYTES = 256 * 1024

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
ZIP_SIGNATURE = b"PK\x03\x04"
OTHER_FILES = {
    b"%PDF": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file (XLS, DOC), or one with a password",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"{\\rtf": "a Rich Text document",
    b"\x1f\x8b": "a packed file",
    b"7z\xbc\xaf": "a packed file",
}
RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
FORMULA_IN_CSV = re.compile(r"\s*(?:=\s*[\w(+\-\"'@]|@\w+\(|[+-]\s*[A-Za-z_]\w*\s*[(|!]|[+-][^|]*\|\s*')")
# A sheet's XML: the end of a row, a row that holds something, a cell with content and one with a formula.
ROW_END = re.compile(rb"</(?:\w+:)?row>")
FILLED = re.compile(rb"<(?:\w+:)?(?:v|is|f)\b")
ROW_NUMBER = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"')
CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d+)"[^>]*(?<!/)>\s*(<(?:\w+:)?f\b)?')


class UnreadableFile(ValueError):
    """The file cannot be imported; its text says why and what to do, for the user."""


@dataclass(frozen=True)
class Table:
    """What was read. ``rows`` are the rows after the headings, numbered from 1, each as wide as ``headings``.

    formulas: row number -> headings whose cell holds a formula. how: how it was read, for the page.
    """

    headings: list[str]
    rows: list[list[str]]
    how: str
    formulas: dict[int, list[str]] = field(default_factory=dict)


def read(content: bytes, filename: str = "", *, max_rows: int = MAX_ROWS) -> Table:
    """Read a file by what it holds, whatever its name; raises UnreadableFile."""
    if not content.strip():
        raise UnreadableFile("This file is empty.")
    if len(content) > MAX_BYTES:
        if not content.startswith(ZIP_SIGNATURE) and content.count(b"\n") > max_rows:
            raise _too_many(max_rows)
        size = MAX_BYTES // 1024 // 1024
        raise UnreadableFile(
            f"This file is larger than {size} MB. Split the list and import the parts one by one."
        )
    if content.startswith(ZIP_SIGNATURE):
        return _read_workbook(content, max_rows)
    for signature, what in OTHER_FILES.items():
        if content.startswith(signature):
            raise UnreadableFile(
                f"This file is not a spreadsheet: it is {what}. Save the list as XLSX or CSV and try again."
            )
    text, encoding = _decoded(content)
    if text.lstrip()[:1] in ("{", "["):
        return _read_open_referral(text, max_rows)
    return _read_csv(text, encoding, max_rows)


# ---- text --------------------------------------------------------------------------------------------------


def _decoded(content: bytes) -> tuple[str, str]:
    """Text and the name of its encoding; raises UnreadableFile where it is none that lists come in."""
    for mark, encoding, name in (
        (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
        (b"\xff\xfe", "utf-16", "UTF-16"),
        (b"\xfe\xff", "utf-16", "UTF-16"),
    ):
        if content.startswith(mark):
            return _strict(content, encoding), name
    if b"\0" in content[:1000]:
        raise UnreadableFile("This file is not a spreadsheet. Save the list as XLSX or CSV and try again.")
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return _strict(content, "cp1252"), "Windows-1252"


def _strict(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableFile(
            "The letters of this file cannot be read. Save it again as “CSV UTF-8” or as XLSX and try again."
        ) from None
    if sum(not (c.isprintable() or c.isspace()) for c in text[:SAMPLE_CHARACTERS]) > 5:
        raise UnreadableFile("This file is not a spreadsheet. Save the list as XLSX or CSV and try again.")
    return text


def _read_csv(text: str, encoding: str, max_rows: int) -> Table:
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        cells = _limited(reader, max_rows)
    except csv.Error as error:
        raise UnreadableFile(
            f"Line {reader.line_num} of this file cannot be read as CSV ({error})."
        ) from None
    table = _table(cells, f"Read as {encoding}, {DELIMITERS[delimiter]}", max_rows)
    formulas = {
        number: headings
        for number, row in enumerate(table.rows, 1)
        if (
            headings := [h for h, cell in zip(table.headings, row, strict=True) if FORMULA_IN_CSV.match(cell)]
        )
    }
    return Table(table.headings, table.rows, table.how, formulas)


def _delimiter(text: str) -> str:
    """The delimiter that gives the most cells, row after row, in the beginning of the text."""
    lines = text[:SAMPLE_CHARACTERS].splitlines()[: HEADING_WITHIN * 2]

    def cells(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        common = max(set(widths), key=widths.count, default=0)
        return widths.count(common) if common > 1 else 0, common

    return max(DELIMITERS, key=cells)


def _limited(rows: Iterator[list], max_rows: int) -> list[tuple[int, list[str]]]:
    """(position, cells) of the rows that hold something; raises UnreadableFile once there are too many."""
    kept = []
    for position, row in enumerate(rows):
        cells = [_text_of(cell) for cell in row]
        if not any(cells):
            continue
        kept.append((position, cells))
        if len(kept) > max_rows + HEADING_WITHIN:
            raise _too_many(max_rows)
    return kept


def _too_many(max_rows: int) -> UnreadableFile:
    return UnreadableFile(
        f"This list has more than {max_rows:,} rows. Split it and import the parts one by one."
    )


def _text_of(cell) -> str:
    """A cell as text on one line: whole numbers without ``.0``, characters that cannot be stored left out."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None else str(cell)[:MAX_CELL_CHARACTERS]
    return " ".join(text.replace("\0", "").split())


# ---- headings ----------------------------------------------------------------------------------------------


def _table(
    cells: list[tuple[int, list[str]]], how: str, max_rows: int, formulas: dict | None = None
) -> Table:
    """Find the row of headings and number the rows below it; raises UnreadableFile without headings or rows.

    formulas: (position, column) of the cells that hold one.
    """
    if not cells:
        raise UnreadableFile("This file is empty.")
    at = _heading_row([row for _, row in cells[:HEADING_WITHIN]])
    headings = _unique(cells[at][1][:MAX_COLUMNS])
    below = cells[at + 1 :]
    if not below:
        raise UnreadableFile("This file has headings but no rows below them.")
    if len(below) > max_rows:
        raise _too_many(max_rows)
    rows = [(row + [""] * len(headings))[: len(headings)] for _, row in below]
    by_row = {}
    for number, (position, _) in enumerate(below, 1):
        columns = sorted(column for column in (formulas or {}).get(position, ()) if column < len(headings))
        if columns:
            by_row[number] = [headings[column] for column in columns]
    return Table(headings, rows, f"{how}, headings in row {cells[at][0] + 1}", by_row)


def _heading_row(rows: list[list[str]]) -> int:
    """The first row of which a cell is a heading for the name of a service; raises UnreadableFile."""
    for position, row in enumerate(rows):
        if heading_matches(row):
            return position
    raise UnreadableFile(
        "No heading for the name of the service was found. Give the first row headings such as "
        "“Name”, “Description” and “Postcode” and try again."
    )


def _unique(headings: list[str]) -> list[str]:
    """Headings that all differ: empty ones become ``Column 3``, a second ``Phone`` is ``Phone (2)``."""
    seen: dict[str, int] = {}
    named = []
    for number, heading in enumerate(headings, 1):
        heading = heading[:100] or f"Column {number}"
        seen[heading] = seen.get(heading, 0) + 1
        named.append(heading if seen[heading] == 1 else f"{heading} ({seen[heading]})")
    return named


# ---- workbooks ---------------------------------------------------------------------------------------------


def _read_workbook(content: bytes, max_rows: int) -> Table:
    """The first sheet of an XLSX workbook, values only."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_bomb(archive)
            formulas = _scan_sheet(archive, _first_sheet(archive), max_rows)
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = workbook.get_sheet_by_index(0)
        cells = _limited(iter(sheet.to_python(skip_empty_area=False)), max_rows)
    except (
        zipfile.BadZipFile,
        zlib.error,
        StopIteration,
        ParseError,
        DefusedXmlException,
        KeyError,
        python_calamine.CalamineError,
    ):
        raise UnreadableFile(
            "This file is not a spreadsheet, or it is damaged. Open it, save it as XLSX or CSV and try again."
        ) from None
    return _table(cells, f"Read as a workbook, sheet “{sheet.name}”", max_rows, formulas)


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    """Raise UnreadableFile where the parts together would unpack to more than a list of services needs."""
    if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED_BYTES:
        raise UnreadableFile(
            "This workbook unpacks to more than a list of services needs. "
            "Copy the list into a new workbook and try again."
        )
    if any(part.flag_bits & 0x1 for part in archive.infolist()):
        raise UnreadableFile("This workbook has a password. Save it without one and try again.")


def _first_sheet(archive: zipfile.ZipFile) -> str:
    """The path of the first sheet inside the workbook; raises KeyError or ParseError where it is none."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    relation = next(element for element in book.iter() if element.tag.endswith("}sheet")).get(
        f"{RELATIONS}id"
    )
    targets = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    path = next(element.attrib["Target"] for element in targets if element.get("Id") == relation)
    return path.lstrip("/") if path.startswith("/") else f"xl/{path}"


def _scan_sheet(archive: zipfile.ZipFile, path: str, max_rows: int) -> dict[int, set[int]]:
    """Columns with formulas by row position, both from 0; raises UnreadableFile where there are too many.

    Reads the sheet in pieces, so that a million rows are refused after the first few thousand, and sees a
    lone cell at the far end, for which the reader of values would make room for every cell before it.
    """
    formulas: dict[int, set[int]] = {}
    filled = last_row = last_column = 0
    for row in _rows_of(archive, path):
        if not FILLED.search(row):
            continue
        filled += 1
        last_row = max([last_row, *map(int, ROW_NUMBER.findall(row))])
        for letters, number, formula in CELL.findall(row):
            column = _column_number(letters.decode())
            last_row, last_column = max(last_row, int(number)), max(last_column, column)
            if formula:
                formulas.setdefault(int(number) - 1, set()).add(column)
        if filled > max_rows + HEADING_WITHIN:
            raise _too_many(max_rows)
        if last_row * (last_column + 1) > MAX_CELLS:
            raise UnreadableFile(
                "This sheet has cells far outside the list. Copy the list into a new workbook and try again."
            )
    return formulas


def _rows_of(archive: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    """The XML of each row of a sheet; raises UnreadableFile where one row is longer than any list needs."""
    rest = b""
    with archive.open(path) as sheet:
        while chunk := sheet.read(CHUNK_BYTES):
            *rows, rest = ROW_END.split(rest + chunk)
            yield from rows
            if len(rest) > MAX_ROW_BYTES:
                raise UnreadableFile(
                    "A row of this sheet is too long to be read. Copy the list into a new workbook."
                )
    yield rest


def _column_number(letters: str) -> int:
    """``A`` is 0, ``AA`` is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


# ---- Open Referral UK --------------------------------------------------------------------------------------

OPEN_REFERRAL_HEADINGS = [
    "name",
    "description",
    "address",
    "postcode",
    "telephone",
    "email",
    "website",
    "reference",
]


def _read_open_referral(text: str, max_rows: int) -> Table:
    """A page of services (``contents``), a list of them or one service, as Open Referral UK 3 writes them."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableFile(
            "This file looks like JSON but cannot be read. Export it again and try again."
        ) from None
    services = data.get("contents", data.get("services", [data])) if isinstance(data, dict) else data
    if not isinstance(services, list) or not services:
        raise UnreadableFile("This JSON file holds no services.")
    if len(services) > max_rows:
        raise _too_many(max_rows)
    if not all(isinstance(service, dict) and "name" in service for service in services):
        raise UnreadableFile("This JSON file is not a list of services in the form of Open Referral UK.")
    rows = [[_text_of(cell) for cell in _open_referral_row(service)] for service in services]
    return Table(OPEN_REFERRAL_HEADINGS, rows, how="Read as Open Referral UK")


def _open_referral_row(service: dict) -> list:
    place = _first(_part(_first(service, "service_at_locations"), "location"), "addresses")
    lines = [place.get(part) for part in ("address_1", "address_2", "city", "region", "state_province")]
    return [
        service.get("name"),
        service.get("description"),
        ", ".join(str(line) for line in lines if line),
        place.get("postal_code"),
        _first(service, "phones").get("number"),
        service.get("email"),
        service.get("url") or _part(service, "organization").get("website"),
        service.get("id"),
    ]


def _part(holder: dict, name: str) -> dict:
    """What is inside under this name, or an empty one where there is none."""
    part = holder.get(name)
    return part if isinstance(part, dict) else {}


def _first(holder: dict, name: str) -> dict:
    """The first entry of a list inside, or an empty one where there is none."""
    entries = holder.get(name)
    return entries[0] if isinstance(entries, list) and entries and isinstance(entries[0], dict) else {}

import io
import json
import zipfile

import openpyxl
import pytest

from mapping.returns.importing import reading
from mapping.returns.importing.reading import UnreadableFile, read

LIST = "Name,Description\nThe Space,Café for young people\nToy Box,Playgroup\n"
ROWS = [["The Space", "Café for young people"], ["Toy Box", "Playgroup"]]


def workbook(*rows, sheet="Services"):
    """The bytes of an XLSX workbook with one sheet."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(book):
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("encoding", "how"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("cp1252", "Windows-1252"),
        ("utf-16", "UTF-16"),
    ],
)
def test_csv_is_read_in_any_usual_encoding(encoding, how):
    table = read(LIST.encode(encoding))

    assert table.headings == ["Name", "Description"]
    assert table.rows == ROWS
    assert table.how == f"Read as {how}, comma, headings in row 1"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_is_read_with_any_usual_delimiter(delimiter):
    assert read(LIST.replace(",", delimiter).encode()).rows == ROWS


def test_csv_with_one_column_is_read():
    assert read(b"Service name\r\nThe Space\r\nToy Box\r\n").rows == [["The Space"], ["Toy Box"]]


def test_cells_over_lines_and_quotes_are_kept_together():
    table = read(b'Name,Description\n"The ""Space""","Music,\nart"\n')

    assert table.rows == [['The "Space"', "Music, art"]]


def test_titles_above_the_headings_and_empty_rows_are_passed_over():
    table = read(b"Directory 2009,\n,\nName,Postcode\n\nToy Box,M1 1AA\n,\n")

    assert (table.headings, table.rows) == (["Name", "Postcode"], [["Toy Box", "M1 1AA"]])
    assert table.how.endswith("headings in row 3")


def test_short_rows_are_filled_and_equal_headings_told_apart():
    table = read(b"Name,Phone,Phone,\nToy Box\n")

    assert table.headings == ["Name", "Phone", "Phone (2)", "Column 4"]
    assert table.rows == [["Toy Box", "", "", ""]]


def test_workbook_gives_the_same_rows_as_csv():
    table = read(workbook(["Name", "Description"], *ROWS), "list.xlsx")

    assert (table.headings, table.rows, table.formulas) == (["Name", "Description"], ROWS, {})
    assert table.how == "Read as a workbook, sheet “Services”, headings in row 1"


def test_numbers_of_a_workbook_are_read_without_decimals():
    assert read(workbook(["Name", "Phone"], ["Toy Box", 1619122453])).rows == [["Toy Box", "1619122453"]]


def test_formulas_of_a_workbook_are_named_and_not_evaluated():
    content = workbook(["Name", "Website"], ["Toy Box", "x"], ["The Space", '=HYPERLINK("http://x.example")'])

    table = read(content)

    assert table.formulas == {2: ["Website"]}
    assert table.rows[1] == ["The Space", ""]


@pytest.mark.parametrize("cell", ["=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "+HYPERLINK(A1)", "-2+3|'x"])
def test_formulas_of_csv_are_named(cell):
    assert read(f'Name,Phone\nToy Box,"{cell}"\n'.encode()).formulas == {1: ["Phone"]}


@pytest.mark.parametrize("cell", ["+44 161 912 2453", "- for babies", "@toybox", "-", "a = b"])
def test_text_that_only_looks_like_a_formula_is_taken(cell):
    assert read(f'Name,Phone\nToy Box,"{cell}"\n'.encode()).formulas == {}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"Name,Description\n", "no rows below"),
        (b"42nd Street,M4 5AG\nToy Box,M1 1AA\n", "No heading for the name"),
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel"),
        (b"\x89PNG\r\n", "a picture"),
        (b"Name\0\0\1\2", "not a spreadsheet"),
        (b"Name\nCaf\x81 and \x8d\n", "letters of this file cannot be read"),
        (b"PK\x03\x04 no zip", "not a spreadsheet, or it is damaged"),
        (b'{"contents": [', "cannot be read"),
        (b'{"contents": []}', "no services"),
        (b'[{"title": "x"}]', "Open Referral UK"),
        (b"[1, 2]", "Open Referral UK"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_clear_message(content, message):
    with pytest.raises(UnreadableFile, match=message):
        read(content)


def test_a_packed_file_that_is_no_workbook_is_refused():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("letter.txt", "Dear all")

    with pytest.raises(UnreadableFile, match="not a spreadsheet, or it is damaged"):
        read(content.getvalue())


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (reading.MAX_UNPACKED_BYTES + 1))

    with pytest.raises(UnreadableFile, match="unpacks to more"):
        read(content.getvalue())


@pytest.mark.parametrize("count", [11, 100])
def test_too_many_rows_are_refused_in_every_format(count):
    names = [f"Service {number}" for number in range(count)]
    files = [
        "\n".join(["Name", *names]).encode(),
        workbook(["Name"], *([name] for name in names)),
        json.dumps([{"name": name} for name in names]).encode(),
    ]

    for content in files:
        with pytest.raises(UnreadableFile, match="more than 10 rows"):
            read(content, max_rows=10)


def test_a_long_file_is_refused_for_its_rows_a_wide_one_for_its_size(monkeypatch):
    monkeypatch.setattr(reading, "MAX_BYTES", 100)

    with pytest.raises(UnreadableFile, match="more than 10 rows"):
        read(b"Name\n" + b"x\n" * 100, max_rows=10)
    with pytest.raises(UnreadableFile, match="larger than"):
        read(b"Name\n" + b"x" * 200)


def rewritten(content, path, change):
    """The workbook with one of its parts changed."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode()
            new.writestr(name, change(part) if name == path else part)
    return changed.getvalue()


def test_a_workbook_without_the_place_of_its_sheet_is_refused():
    content = rewritten(
        workbook(["Name"], ["Toy Box"]),
        "xl/_rels/workbook.xml.rels",
        lambda part: part.replace("Target=", "Goal="),
    )

    with pytest.raises(UnreadableFile, match="damaged"):
        read(content)


def test_rows_are_counted_where_the_tags_of_a_sheet_have_a_prefix():
    def with_prefix(part):
        part = part.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?")
        return part.replace("xmlns=", "xmlns:x=")

    content = workbook(["Name"], *([f"Service {number}"] for number in range(30)))

    with pytest.raises(UnreadableFile, match="more than 10 rows"):
        read(rewritten(content, "xl/worksheets/sheet1.xml", with_prefix), max_rows=10)


def test_a_lone_cell_far_away_is_refused():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"], book.active["ZZ90000"] = "Name", "Toy Box", "x"

    with pytest.raises(UnreadableFile, match="far outside the list"):
        read(saved(book))


def test_open_referral_is_read_with_place_and_telephone():
    service = {
        "id": "7",
        "name": "Toy Box",
        "description": None,
        "organization": {"website": "http://toybox.example"},
        "phones": [{"number": "0161 912 2453"}],
        "service_at_locations": [
            {
                "location": {
                    "addresses": [{"address_1": "1 High Street", "city": "Sale", "postal_code": "M33 7ZF"}]
                }
            }
        ],
    }

    table = read(json.dumps({"contents": [service]}).encode())

    assert table.rows == [
        ["Toy Box", "", "1 High Street, Sale", "M33 7ZF", "0161 912 2453", "", "http://toybox.example", "7"]
    ]


@pytest.mark.parametrize(
    "odd",
    [{"phones": "x"}, {"service_at_locations": [{"location": None}]}, {"phones": [1]}, {"organization": "x"}],
)
def test_open_referral_of_odd_shape_is_read_as_far_as_it_goes(odd):
    assert read(json.dumps([{"name": "Toy Box", **odd}]).encode()).rows[0][0] == "Toy Box"

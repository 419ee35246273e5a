import csv
import io
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import tenancy
from mapping.returns import actions
from mapping.returns.models import ColumnMatch, Part, Service, ServiceEntry, ServiceImport
from tests.factories import ServiceEntryFactory
from tests.people import sign_in

DIRECTORY = Path("tests/data/service_directories")
HEAD = "Name,Description,Postcode,Phone\n"
ROWS = (
    "Sure Start Sale,Children's centre for families with children under 5,M33 7ZF,0161 911 8650\n"
    "Memory cafe,For people with dementia aged 65 and over,M33 2AA,\n"
    "Talk it over,Counselling in town,M32 1AA,\n"
    "Sure Start Sale,Children's centre for families with children under 5,M33 1XX,\n"
    "=HYPERLINK(1),A formula,,\n"
)


@pytest.fixture
def upload(client, lead, annual_return, address):
    """``upload("Name,...")`` sends a file as the lead and gives the page that it leads to."""

    def send(content, name="list.csv"):
        client.force_login(lead)
        data = content if isinstance(content, bytes) else content.encode()
        return client.post(address("import"), {"file": SimpleUploadedFile(name, data)}, follow=True)

    return send


@pytest.fixture
def preview(upload, organisation, address):
    """``preview("Name,...")`` uploads a file and gives the address of its preview."""

    def of(content, name="list.csv"):
        upload(content, name)
        with tenancy.scope(organisation):
            return address("import_preview", pk=ServiceImport.objects.latest("pk").pk)

    return of


def choices(page):
    """What a browser sends back of a preview that nobody has touched."""
    shown = page.context["preview"]
    sent = {column.name: column.field for column in shown.columns}
    rows = [(section.group, row) for section in shown.sections for row in section.rows]
    sent["rows"] = ",".join(str(row.number) for _, row in rows)
    for group, row in rows:
        if group == "duplicate_in_list":
            sent[f"same-{row.number}"] = row.same.value
        elif row.is_ticked:
            sent[f"add-{row.number}"] = "1"
        if group != "refused":
            sent[f"category-{row.number}"] = row.category
    return sent


def names_on_list(annual_return):
    with tenancy.scope(annual_return.organisation):
        return sorted(
            ServiceEntry.objects.filter(annual_return=annual_return).values_list("name", "category")
        )


def test_preview_groups_the_rows_and_saves_nothing(preview, client, annual_return):
    page = client.get(preview(HEAD + ROWS))

    groups = {
        section.group.value: [row.number for row in section.rows]
        for section in page.context["preview"].sections
    }
    assert groups == {
        "to_add": [1], "choice_needed": [3], "duplicate_in_file": [4], "not_children": [2], "refused": [5],
    }  # fmt: skip
    assert '<span class="cue">' in page.content.decode()
    assert names_on_list(annual_return) == []
    with tenancy.scope(annual_return.organisation):
        assert not Service.objects.exists()


def test_saving_adds_what_is_ticked_in_one_go(preview, client, annual_return, lead):
    url = preview(HEAD + ROWS)

    page = client.post(url, {**choices(client.get(url)), "do": "save"}, follow=True)

    assert names_on_list(annual_return) == [("Sure Start Sale", "14")]
    assert "1 service added" in page.content.decode()
    with tenancy.scope(annual_return.organisation):
        listing = ServiceEntry.objects.get().listing
        kept = ServiceImport.objects.get()
    assert listing["postcode"] == "M33 7ZF"
    assert listing["telephone"] == "0161 911 8650"
    assert (kept.by, kept.outcome["left_out"]) == (lead, 4)


def test_choices_are_kept_and_followed(preview, client, annual_return):
    url = preview(HEAD + ROWS)
    sent = choices(client.get(url))
    del sent["add-1"]
    sent |= {"category-3": "11", "add-2": "1", "category-2": "15"}

    client.post(url, {**sent, "show": "to_add"})
    kept = client.get(url).context["preview"]
    client.post(url, {**choices(client.get(url)), "do": "save"})

    assert (kept.added, kept.left_out) == (2, 3)
    assert names_on_list(annual_return) == [("Memory cafe", "15"), ("Talk it over", "11")]


def test_rows_that_were_not_shown_keep_their_choice(preview, client, annual_return):
    url = preview(HEAD + ROWS)

    client.post(url, {"rows": "3", "category-3": "11", "add-3": "1", "do": "save"})

    assert names_on_list(annual_return) == [("Sure Start Sale", "14"), ("Talk it over", "11")]


def test_buttons_beside_a_row_choose(preview, client, annual_return):
    url = preview(HEAD + ROWS)

    client.post(url, {**choices(client.get(url)), "choose": "3:11"})
    chosen = client.get(url).context["preview"].added
    client.post(url, {**choices(client.get(url)), "choose": "3:"})

    assert chosen == 2
    assert client.get(url).context["preview"].added == 1


def test_ticked_row_without_category_is_asked_about(preview, client, annual_return):
    url = preview(HEAD + ROWS)

    page = client.post(url, {**choices(client.get(url)), "add-2": "1", "do": "save"}, follow=True)

    assert [str(m) for m in page.context["messages"]] == [
        "Row 2 is ticked but without a category. Choose one for each that you want."
    ]
    assert names_on_list(annual_return) == []


def test_nothing_chosen_is_not_saved(preview, client, annual_return):
    url = preview(HEAD + ROWS)
    sent = choices(client.get(url))
    del sent["add-1"]

    page = client.post(url, {**sent, "do": "save"}, follow=True)

    assert "Nothing is chosen: tick the rows that you want on your list." in page.content.decode()
    assert names_on_list(annual_return) == []


def test_columns_are_corrected_and_remembered(preview, client, organisation, annual_return):
    url = preview("Name,Wozu\nSure Start Sale,Children's centre\n")
    page = client.get(url)
    assert [column.field for column in page.context["preview"].columns] == ["name", ""]

    client.post(url, {**choices(page), "column-1": "description", "do": "columns"})

    assert [column.field for column in client.get(url).context["preview"].columns] == ["name", "description"]
    with tenancy.scope(organisation):
        assert ColumnMatch.objects.get().field == "description"
    again = client.get(preview("Name,WOZU\nAnother centre,Children's centre\n"))
    assert [column.field for column in again.context["preview"].columns] == ["name", "description"]


def test_service_on_the_list_is_shown_side_by_side_and_updated(
    preview, client, organisation, annual_return, listed
):
    (entry,) = listed("Sure Start Sale", listing={"address": "Old Road", "telephone": "0161 000 0000"})
    url = preview("Name,Address,Phone\nSure Start Sale,New Street,0161 911 8650\n")
    page = client.get(url)
    (section,) = page.context["preview"].sections
    assert section.group == "duplicate_in_list"
    assert "Old Road" in page.content.decode()

    client.post(url, {**choices(page), "same-1": "update", "do": "save"})

    with tenancy.scope(organisation):
        entry.refresh_from_db()
    assert entry.listing == {"address": "New Street", "telephone": "0161 911 8650"}
    assert len(names_on_list(annual_return)) == 1


def test_different_service_of_the_same_name_is_added_too(preview, client, annual_return, listed):
    listed("Sure Start Sale")
    url = preview(HEAD + "Sure Start Sale,Children's centre,M33 7ZF,\n")

    client.post(url, {**choices(client.get(url)), "same-1": "different", "do": "save"})

    assert names_on_list(annual_return) == [("Sure Start Sale", "14"), ("Sure Start Sale", "15")]


def test_departments_of_the_file_are_made_and_used(preview, client, organisation, annual_return):
    url = preview(
        "Name,Description,Directorate\nSure Start Sale,Children's centre for under 5s,Early years\n"
    )

    client.post(url, {**choices(client.get(url)), "do": "save"})

    with tenancy.scope(organisation):
        assert ServiceEntry.objects.get().department.name == "Early years"


def test_same_file_is_not_taken_over_twice(preview, client, annual_return, lead):
    url = preview(HEAD + ROWS)
    sent = {**choices(client.get(url)), "do": "save"}

    client.post(url, sent)
    page = client.post(url, sent, follow=True)

    assert "1 service added" in page.content.decode()
    assert len(names_on_list(annual_return)) == 1


def test_rows_left_out_come_back_as_a_file_with_reasons(preview, client, organisation, annual_return):
    url = preview(HEAD + ROWS)

    response = client.get(url + "left-out.csv")

    lines = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [line["row"] for line in lines] == ["2", "3", "4", "5"]
    assert [line["outcome"] for line in lines] == ["not_children", "no_category", "duplicate", "refused"]
    assert all(line["reason"] for line in lines)
    assert lines[3]["Name"] == "'=HYPERLINK(1)"
    assert response["Content-Disposition"] == 'attachment; filename="list_left_out.csv"'


# -- Undo -----------------------------------------------------------------------------------------------------


@pytest.fixture
def imported(preview, client, organisation, listed):
    """An import that added one service and updated another; gives its address of undoing."""
    listed("Homestart", listing={"address": "Old Road"})
    url = preview("Name,Description,Address\nSure Start Sale,Children's centre,\nHomestart,,New Street\n")
    client.post(url, {**choices(client.get(url)), "same-2": "update", "do": "save"})
    return url + "undo/"


def test_undo_takes_back_what_was_added_and_updated(imported, client, organisation, annual_return):
    client.post(imported)

    assert names_on_list(annual_return) == [("Homestart", "15")]
    with tenancy.scope(organisation):
        assert ServiceEntry.objects.get().listing == {"address": "Old Road"}
        assert Service.objects.count() == 1


def test_undo_is_refused_once_somebody_has_answered(imported, client, organisation, annual_return, responded):
    with tenancy.scope(organisation):
        entry = ServiceEntry.objects.get(name="Sure Start Sale")
    responded(entry, version=1)

    page = client.post(imported, follow=True)

    assert "Sure Start Sale has answers by now." in page.content.decode()
    assert len(names_on_list(annual_return)) == 2


def test_undo_twice_takes_nothing_else(imported, client, annual_return):
    client.post(imported)

    page = client.post(imported, follow=True)

    assert "There is nothing to undo." in page.content.decode()
    assert names_on_list(annual_return) == [("Homestart", "15")]


# -- What cannot be read --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "This file is empty."),
        (b"%PDF-1.4 nothing", "it is a PDF document"),
        (b"\x00\x01\x02\x03" * 50, "This file is not a spreadsheet."),
        (b"PK\x03\x04 not really", "This file is not a spreadsheet"),
        (b"Name,Description\n", "headings but no rows"),
        (b"12,13\n14,15\n", "No heading for the name of the service was found."),
        (b"[]", "This JSON file holds no services."),
        (HEAD.encode() + b"A service,,,\n" * 5001, "5,000 rows"),
    ],
)
def test_unreadable_files_are_refused_in_words(upload, organisation, content, message):
    page = upload(content)

    assert message in page.content.decode()
    with tenancy.scope(organisation):
        assert not ServiceImport.objects.exists()


def test_file_that_is_missing_or_too_large_is_refused(
    client, lead, annual_return, address, settings, monkeypatch
):
    client.force_login(lead)
    monkeypatch.setattr("mapping.returns.forms.MAX_BYTES", 1024 * 1024)

    nothing = client.post(address("import"), {}).content.decode()
    large = client.post(
        address("import"), {"file": SimpleUploadedFile("a.csv", b"x" * 1024 * 1025)}
    ).content.decode()

    assert "Choose the file with your list." in nothing
    assert "This file is larger than 1 MB." in large


def test_windows_encoding_is_read(preview, client):
    page = client.get(preview((HEAD + "Café for families,Young children,,\n").encode("cp1252")))

    assert "Café for families" in page.content.decode()


def test_text_of_the_file_is_shown_as_text(preview, client):
    page = client.get(preview(HEAD + "<script>alert(1)</script> children's centre,<b>under 5s</b>,,\n"))

    text = page.content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "<b>" not in text


# -- Walls, size, speed ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "code"), [("director", 403), ("contributor", 403), ("outsider", 404)])
@pytest.mark.parametrize("end", ["", "left-out.csv", "result/"])
def test_import_is_open_to_leads_only(preview, client, people, role, code, end):
    url = preview(HEAD + ROWS)
    sign_in(client, people[role])

    assert client.get(url + end).status_code == code


def test_import_of_another_organisation_is_not_found(
    client, lead, foreign_organisation, collection, annual_return, address
):
    with tenancy.scope(foreign_organisation):
        theirs = actions.open_return(foreign_organisation, collection)
        foreign = actions.start_import(theirs, file_name="a.csv", content=b"Name\nSecret", by=lead)
    client.force_login(lead)

    assert client.get(address("import_preview", pk=foreign.pk)).status_code == 404
    assert client.get(address("import_preview", pk=foreign.pk + 99)).status_code == 404


def test_import_is_refused_once_the_list_is_locked(preview, client, organisation, annual_return):
    url = preview(HEAD + ROWS)
    sent = {**choices(client.get(url)), "do": "save"}
    with tenancy.scope(organisation):
        Part.objects.filter(kind="services").update(decision="submitted")

    page = client.post(url, sent)

    assert "The services part is submitted; its list cannot change." in page.content.decode()
    assert names_on_list(annual_return) == []


def statements(captured):
    """How many there were; the marks of nested transactions are none."""
    marks = ("SAVEPOINT", "RELEASE SAVEPOINT")
    return sum(not query["sql"].startswith(marks) for query in captured.captured_queries)


def test_preview_and_saving_run_few_queries_whatever_the_size(preview, client, annual_return):
    few = HEAD + ROWS
    many = HEAD + "".join(
        f"Children's centre {n} Street {n},For families with children under 5,,\n" for n in range(300)
    )
    counts = []
    for content in (few, many):
        url = preview(content)
        with CaptureQueriesContext(connection) as shown:
            page = client.get(url)
        with CaptureQueriesContext(connection) as saved:
            client.post(url, {**choices(page), "do": "save"})
        counts.append((statements(shown), statements(saved)))

    assert counts[0] == counts[1]
    assert max(counts[0]) <= 30
    assert len(names_on_list(annual_return)) == 301


def test_long_groups_come_in_pages(preview, client):
    rows = "".join(
        f"Children's centre {n} Street {n},For families with children under 5,,\n" for n in range(60)
    )
    url = preview(HEAD + rows)

    first = client.get(url).context["preview"].sections[0]
    shown = client.get(url + "?show=to_add&page=2").context["preview"].sections[0]

    assert (len(first.rows), first.hidden) == (5, 55)
    assert (len(shown.rows), shown.hidden) == (10, 0)


def test_script_is_told_the_new_counts(preview, client):
    url = preview(HEAD + ROWS)
    sent = choices(client.get(url))
    del sent["add-1"]

    text = client.post(url, {**sent, "count": "1"}).content.decode()

    assert "Nothing will be added." in text
    assert "<html" not in text


def test_last_years_list_comes_first(client, lead, annual_return, last_return, address):
    ServiceEntryFactory(annual_return=last_return)
    client.force_login(lead)

    assert "Bring your last list over first." in client.get(address("import")).content.decode()


@pytest.mark.parametrize(
    "name", ["trafford_mental_health_services.csv", "trafford_mental_health_services.oruk.json"]
)
def test_real_directory_gives_its_rows_and_doubles(preview, client, name):
    page = client.get(preview((DIRECTORY / name).read_bytes(), name))

    plan = page.context["preview"].plan
    assert len(plan.rows) == 60
    assert len(plan.same_in_file) == 4


def test_closing_time_closes_the_import(client, lead, annual_return, address, at):
    at(date(2010, 3, 1))
    client.force_login(lead)

    page = client.get(address("import"))

    assert "Data entry closed on 28 February 2010." in page.content.decode()

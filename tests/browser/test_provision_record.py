"""A provider's record is added up in the browser, and only its totals reach the site."""

from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.browser.prepared import Office
from tests.people import PASSWORD

EMPTY = (Path(settings.BASE_DIR) / "static/files/provision-record.csv").read_text(encoding="utf-8").strip()

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("registers")]


@pytest.fixture
def office():
    return Office("trafford")


@pytest.fixture
def manager(person, office):
    """The manager of a family support service, at the section on its activity."""
    response = office.response_of_service("15")
    manager = person()
    manager.sign_in(office.manager.email, PASSWORD)
    manager.open(f"/trafford/returns/2009-10/responses/{response.pk}/F/")
    manager.page.get_by_text("Add up a provider’s record").click()
    manager.response = response
    return manager


def choose(manager, *lines, head=EMPTY):
    """Choose a file of these lines; returns what the page says of it."""
    content = "\r\n".join([head, *lines]).encode("utf-8-sig")
    record = {"name": "record.csv", "mimeType": "text/csv", "buffer": content}
    manager.page.get_by_label("The record, filled in").set_input_files(record)
    said = manager.page.locator("[data-record] [role=status]")
    expect(said).not_to_be_empty()
    return said


def test_lines_of_a_record_become_rows(manager, office):
    said = choose(
        manager,
        '7,FS,Mediation,"Home, start",1/5/2008,30/05/2008,S,,,4,1.5,Family therapist',
        "8,FS,15.04,Home,2008-06-01,2008-06-01,s,,,2,3,Family therapist",
        "8,FS,15.04,Home,2008-07-01,2008-07-01,S,,,2,3,Family therapist",
        '9,FS,Family centres,Home,1/9/2008,1/9/2008,M,,"£1,250",,,',
        "9,FS,Befriending,Home,1/9/2008,1/9/2008,M,,50,,,",
        "9,FS,Family centres,Home,1/9/2007,1/9/2007,M,,50,,,",
    )
    expect(said).to_contain_text("The record makes 2 rows.")
    expect(said).to_contain_text("this service does not give it: Befriending")
    expect(said).to_contain_text("outside the year: 1 line")
    manager.press("Put the 2 rows in")

    expect(manager.page.locator("[name='SVC-F17|r2|money']")).to_have_value("1250")
    expect(manager.page.locator("#saved")).to_contain_text("Saved at")
    kept = office.kept(manager.response).cells
    own = {name.removeprefix("SVC-F17|"): cell["v"] for name, cell in kept.items() if "F17" in name}
    assert own == {
        "r1|option": "15.04", "r1|measure": "S", "r1|children": 2, "r1|sessions": 8, "r1|hours": "2.25",
        "r1|staff": "th_fam", "r2|option": "15.03", "r2|measure": "M", "r2|children": 1, "r2|money": "1250",
    }  # fmt: skip


def test_another_record_takes_the_place_of_the_first(manager, office):
    for lines in (["7,FS,15.03,,1/5/2008,1/5/2008,D,3,,,,", "7,FS,15.04,,1/5/2008,1/5/2008,D,3,,,,"], []):
        choose(manager, "8,FS,15.06,,1/5/2008,1/6/2008,D,31,,,,", *lines)
        manager.page.locator("[data-record] button").click()
        expect(manager.page.locator("[data-record] [role=status]")).to_contain_text("filled in above")
        manager.page.wait_for_load_state("networkidle")

    expect(manager.page.locator("[name='SVC-F17|r2|days']")).to_have_count(0)
    kept = office.kept(manager.response).cells
    assert {name for name in kept if "F17" in name} == {
        f"SVC-F17|r1|{column}" for column in ("option", "measure", "children", "days")
    }


def test_what_is_wrong_is_said_by_line_and_nothing_is_put_in(manager, office):
    said = choose(
        manager,
        "7;FS;15.03;Home;1/5/2008;30/4/2008;D;3;;;;",
        "7;FS;15.03;Home;1/3/2008;30/4/2008;D;3;;;;",
        "7;FS;15.03;Home;1/5/2008;1/5/2008;S;;;3;;",
        "7;FS;15.03;Home;31/2/2008;1/5/2008;X;;;3;;",
        head=EMPTY.replace('"Measure (D, M or S)"', "Measure").replace(",", ";"),
    )

    for words in (
        "Line 2: the last day is before the first.",
        "Line 3: it reaches beyond the financial year.",
        "Line 4: give hours a session as a number: the measure is S.",
        "Line 5: give the first and the last day",
    ):
        expect(said).to_contain_text(words)
    expect(manager.page.locator("[data-record] button")).to_have_count(0)
    expect(choose(manager, head="Child,Start")).to_contain_text(
        "These columns are missing: kind of help, end,"
    )
    assert not [name for name in office.kept(manager.response).cells if "F17" in name]

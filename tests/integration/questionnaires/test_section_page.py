"""The section page: without scripts whole, with them cell by cell; what stands in it and what is saved."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from accounts import tenancy
from accounts.models import Role
from mapping.returns.models import Part
from tests.integration.questionnaires.conftest import address
from tests.people import member

JSON = {"accept": "application/json"}


@pytest.fixture
def html_of(client, lead, response):
    """``html_of("F")`` is the page of a section as the lead sees it."""
    client.force_login(lead)
    return lambda section: client.get(address(response, section)).content.decode()


def post(client, response, section, data, **more):
    return client.post(address(response, section), {"version": response.version, **data}, **more)


# Told apart from what a page asks itself: what the walls set, and what every page reads of person and collection.
WALLS = ("SET LOCAL", "SAVEPOINT", "RELEASE")
EVERY_PAGE = ("accounts_user", "accounts_membership", "accounts_organisation", "accounts_message",
              "returns_collection", "returns_annualreturn")  # fmt: skip


def statements(captured):
    """The statements of a page itself, as the words that name their table."""
    asked = [query["sql"] for query in captured if not query["sql"].startswith(WALLS)]
    return [sql for sql in asked if not any(f'FROM "{table}" ' in sql for table in EVERY_PAGE)]


def test_the_page_shows_last_years_answer_beside_the_field(html_of):
    shown = html_of("F")

    assert '<span class="govuk-visually-hidden">Last year </span>141' in shown
    assert 'id="SVC-F01" name="SVC-F01" value=""' in shown
    assert "SVC-F01_last" in shown


def test_a_module_says_which_policy_stands_behind_it(html_of):
    assert "national indicator 51 on CAMHS." in html_of("CAM")
    assert "Policy behind these questions" not in html_of("B")


def test_choices_that_are_explained_stand_one_below_the_other(html_of):
    shown = html_of("B")

    assert '<div id="SVC-B01" class="govuk-radios">' in shown
    assert '<div id="SVC-B05" class="govuk-radios choices-inline">' in shown


def test_choices_of_a_table_are_explained_below_it(html_of):
    assert "<strong>Core funding:</strong> A yearly grant that keeps an organisation going" in html_of("G")
    assert "What the answers under" not in html_of("E")


def test_the_empty_record_of_a_provider_is_offered_at_the_volume_of_help(html_of):
    shown = html_of("F")

    assert 'data-record="SVC-F17" data-from="2008-04-01" data-to="2009-03-31"' in shown
    assert "files/provision-record.csv" in shown


def test_carried_answers_are_filled_in_and_wait_to_be_confirmed(html_of):
    shown = html_of("B")

    assert 'value="targeted" checked' in shown
    assert shown.count('name="confirm" value="SVC-B01"') == 1


def test_saving_a_whole_page_goes_on_to_the_next_section(client, html_of, response, fresh):
    answer = post(client, response, "F", {"SVC-F01": "1,148", "SVC-F02": "132", "go": "on"})

    assert answer.status_code == 302
    assert answer.url == address(response, "G")
    assert fresh(response).cells["SVC-F01"] == {"v": 1148, "o": "typed"}


def test_invalid_text_comes_back_in_its_field_and_only_that_cell_is_not_saved(
    client, html_of, response, saved, lead, fresh
):
    saved(response, {"SVC-F02": 70}, by=lead)
    answer = client.post(
        address(response, "F"), {"version": 2, "SVC-F01": "148", "SVC-F02": "7l", "go": "on"}
    )

    shown = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="SVC-F02" value="7l"' in shown
    assert "“7l” is not a number. It was not taken; the cell still holds 70." in shown
    assert '<a href="#SVC-F02">' in shown
    cells = fresh(response).cells
    assert (cells["SVC-F01"]["v"], cells["SVC-F02"]["v"]) == (148, 70)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"SVC-F01": "", "special:SVC-F01": "NK"}, {"s": "NK", "o": "typed"}),
        ({"SVC-F01": "148", "special:SVC-F01": "NK"}, {"s": "NK", "o": "typed"}),
        ({"SVC-F01": "150", "special:SVC-F01": "NK"}, {"v": 150, "o": "typed"}),
        ({"SVC-F01": "Not collected"}, {"s": "NC", "o": "typed"}),
        ({"SVC-F01": ""}, None),
    ],
)
def test_a_special_answer_takes_the_place_of_a_figure(
    client, html_of, response, saved, lead, fresh, sent, kept
):
    saved(response, {"SVC-F01": 148}, by=lead)
    client.post(address(response, "F"), {"version": 2, **sent})

    assert fresh(response).cells.get("SVC-F01") == kept


def test_unticking_all_boxes_makes_the_cell_blank(client, html_of, response, saved, lead, fresh):
    saved(response, {"SVC-C01": ["self"]}, by=lead)
    client.post(address(response, "C"), {"version": 2, "SVC-C01": ""})

    assert "SVC-C01" not in fresh(response).cells


def test_cells_of_other_sections_and_of_models_are_left_alone(client, html_of, response, fresh):
    post(client, response, "F", {"SVC-B03": "4", "SVC-E02": "3", "SVC-F99": "1", "SVC-F01": "148"})

    cells = fresh(response).cells
    assert cells["SVC-F01"]["v"] == 148
    assert not {"SVC-B03", "SVC-E02", "SVC-F99"} & cells.keys()


def test_one_button_confirms_all_carried_answers_of_the_section(client, html_of, response, fresh):
    post(client, response, "B", {"confirm": "*"})

    assert fresh(response).cells["SVC-B01"]["o"] == "confirmed"
    assert fresh(response).cells["SVC-A14"]["o"] == "carried"


def test_putting_zeros_fills_empty_cells_only(client, html_of, response, fresh):
    rows = {f"SVC-F13|{row}|n": "" for row in ("sen", "caf")}
    post(client, response, "F", {"SVC-F00": "yes", **rows, "SVC-F13|looked_after|n": "4", "zero": "SVC-F13"})

    cells = fresh(response).cells
    assert [cells[f"SVC-F13|{row}|n"]["v"] for row in ("sen", "caf", "looked_after")] == [0, 0, 4]


def test_adding_a_staff_group_shows_its_row(client, html_of, response):
    hidden = "SVC-E01|cc_nursery|wte"
    assert f'name="{hidden}"' not in html_of("E")
    group = html_of("E").split('name="add-row:SVC-E01"')[1].split('<option value="')[2].split('"')[0]

    answer = post(client, response, "E", {"add": "SVC-E01", "add-row:SVC-E01": group}, follow=True)

    assert f'name="SVC-E01|{group}|wte"' in answer.content.decode()


def test_removing_a_row_makes_its_cells_blank(client, html_of, response, saved, lead, fresh):
    saved(response, {"SVC-D01|r1|name": "Town hall", "SVC-D01|r2|name": "Library"}, by=lead)
    client.post(
        address(response, "D"), {"version": 2, "SVC-D01|r1|name": "Town hall", "remove": "SVC-D01|r1"}
    )

    cells = fresh(response).cells
    assert "SVC-D01|r1|name" not in cells
    assert cells["SVC-D01|r2|name"]["v"] == "Library"


def test_a_conditional_question_appears_after_saving(client, html_of, response):
    assert 'id="q-SVC-D07"' not in html_of("D")

    post(client, response, "D", {"SVC-D06": "yes"})

    assert 'id="q-SVC-D07"' in html_of("D")


def test_a_breakdown_says_what_is_left_to_place(html_of, response, saved, lead):
    saved(response, {"SVC-F01": 148, "SVC-F09|a5_9|n": 146}, by=lead)

    assert "2 still to place: 146 of 148" in html_of("F")

    saved(response, {"SVC-F09|a10_14|n": 2}, by=lead)
    assert "Adds up to F01" in html_of("F")


def test_an_unusual_figure_asks_for_a_reason_and_keeps_it(client, html_of, response, saved, lead, fresh):
    saved(response, {"SVC-F01": 300}, by=lead)
    assert 'name="reason:F-S1:SVC-F01"' in html_of("F")

    client.post(address(response, "F"), {"version": 2, "reason:F-S1:SVC-F01": "A second team joined."})

    assert "Explained by Ruth Ashworth, 14 January" in html_of("F")


def test_a_clash_shows_both_values_and_the_choice_settles_it(
    client, html_of, response, saved, colleague, fresh
):
    saved(response, {"SVC-F04": 29}, by=colleague, seen=1)
    answer = post(client, response, "F", {"SVC-F04": "31", "SVC-F05": "17", "go": "on"})

    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "You wrote 31, Daniel Okafor wrote 29 at 10:00" in shown
    assert 'name="mine:SVC-F04" value="31"' in shown
    version = fresh(response).version
    client.post(
        address(response, "F"),
        {"version": version, "SVC-F04": "29", "mine:SVC-F04": "31", "choose:SVC-F04": "yours"},
    )
    assert fresh(response).cells["SVC-F04"]["v"] == 31


def test_a_clash_waits_until_somebody_chooses(client, html_of, response, saved, colleague, fresh):
    saved(response, {"SVC-F04": 29}, by=colleague, seen=1)
    sent = {"version": fresh(response).version, "SVC-F04": "29", "mine:SVC-F04": "31", "go": "on"}
    answer = client.post(address(response, "F"), sent)

    assert "You wrote 31, Daniel Okafor wrote 29" in answer.content.decode()
    assert fresh(response).cells["SVC-F04"]["v"] == 29


def test_a_script_gets_the_blocks_that_changed(client, html_of, response, lead):
    data = {"touched": "1", "SVC-F00": "no", "have": "{}"}
    answer = post(client, response, "F", data, headers=JSON).json()

    assert answer["version"] == 2
    assert "q-SVC-F01" not in answer["order"]
    assert "Saved at 10:00" in answer["saved"]
    have = {key: block["digest"] for key, block in answer["blocks"].items()}
    again = client.get(address(response, "F"), {"have": str(have).replace("'", '"')}, headers=JSON).json()
    assert again["blocks"] == {}


def test_a_script_is_told_why_nothing_is_taken(client, html_of, response, organisation):
    with tenancy.scope(organisation):
        Part.objects.filter(pk=response.part_id).update(decision="submitted")

    answer = post(client, response, "F", {"touched": "1", "SVC-F01": "148"}, headers=JSON)

    assert answer.status_code == 409
    assert "submitted" in answer.json()["refused"]


def test_others_in_the_section_are_named(client, lead, response, colleague):
    client.force_login(colleague)
    client.get(address(response, "F"))
    client.force_login(lead)

    assert "Daniel Okafor is in this section too." in client.get(address(response, "F")).content.decode()


def test_tables_say_the_unit_of_their_figures_wherever_they_are_shown(client, html_of, response):
    head = '<th scope="col">Share (%)</th>'

    assert head in html_of("G")
    assert head in client.get(f"{address(response)}full/").content.decode()
    pdf = PdfReader(BytesIO(client.get(f"{address(response)}answers.pdf").content))
    assert any("Share (%)" in page.extract_text() for page in pdf.pages)


def test_directors_read_without_fields(client, director, response, saved, lead, fresh):
    saved(response, {"SVC-F01": 148}, by=lead)
    client.force_login(director)
    shown = client.get(address(response, "F")).content.decode()

    assert ">148<" in shown
    assert 'name="SVC-F01"' not in shown
    assert client.post(address(response, "F"), {"SVC-F01": "1"}).status_code == 403
    assert fresh(response).cells["SVC-F01"]["v"] == 148


def test_a_question_that_models_keep_is_shown_with_a_link_to_change_it(html_of, response):
    shown = html_of("A")

    assert "Primary mental health team" in shown
    assert f"/trafford/returns/2009-10/services/{response.service_entry_id}/" in shown
    assert 'name="SVC-A01"' not in shown


@pytest.mark.parametrize(
    ("role", "code"),
    [("lead", 200), ("director", 200), ("contributor", 404), ("outsider", 404), ("helpdesk", 403)],
)
def test_the_page_admits_only_those_who_may(client, people, response, role, code):
    client.force_login(people[role])

    assert client.get(address(response, "F")).status_code == code


@pytest.mark.parametrize("section", ["A", "E", "F", "H", "Z"])
def test_a_page_takes_at_most_seven_statements(client, html_of, response, section):
    html_of(section)  # what is kept in memory is there
    with CaptureQueriesContext(connection) as captured:
        html_of(section)

    assert len(statements(captured)) <= 7, statements(captured)


@pytest.mark.parametrize("cells", [1, 60])
def test_a_save_takes_at_most_nine_statements(client, html_of, response, fresh, cells, monkeypatch):
    # The register of postcodes is in memory once somebody has read it.
    monkeypatch.setattr("questionnaires.queries.reading.outcodes", lambda: {"M32": frozenset({"E08000009"})})
    names = [part.split('"')[0] for part in html_of("E").split('name="')[1:] if part.startswith("SVC-E01|")]
    data = {name: "1" for name in names if name.endswith(("wte", "heads", "vac"))}
    sent = dict(list(data.items())[:cells])
    with CaptureQueriesContext(connection) as captured:
        answer = post(client, response, "E", {"touched": "1", **sent}, headers=JSON)

    assert answer.status_code == 200
    assert len(fresh(response).cells) >= len(sent)
    assert len(statements(captured)) <= 9, "\n".join(sql[:150] for sql in statements(captured))


def test_the_second_deputy_may_answer_too(client, organisation, response, fresh):
    client.force_login(member(organisation, Role.DEPUTY, "Sam Hill"))
    post(client, response, "F", {"SVC-F01": "148"})

    assert fresh(response).cells["SVC-F01"]["v"] == 148

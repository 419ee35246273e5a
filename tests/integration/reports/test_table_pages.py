"""The pages of tables: published figures for everybody, unpublished ones for analysts and the national team."""

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import tenancy
from accounts.models import AuditEntry, OrganisationYear
from mapping.returns.loading import load_collections
from mapping.returns.models import Collection
from questionnaires.backload import Line, load_answers
from questionnaires.loading import load_definitions
from reports.actions import compute_stale_figures, handle_back_load

pytestmark = pytest.mark.django_db


@pytest.fixture
def figures(organisation, foreign_organisation, settings):
    """Two authorities that answered in 2008/09 (published) and in 2009/10 (not published)."""
    load_collections(settings.BASE_DIR / "fixtures" / "reference")
    load_definitions()
    for year in (2008, 2009):
        for authority in (organisation, foreign_organisation):
            OrganisationYear.objects.update_or_create(
                organisation=authority,
                year=year,
                defaults={"on_register": True, "la_type": authority.la_type},
            )
    lines = [
        Line("x.csv", 2, year, authority.code, "", "CTQE2", "j01", "joint", answer)
        for year, authority, answer in (
            ("2008/09", organisation, "yes"),
            ("2008/09", foreign_organisation, "no"),
            ("2009/10", organisation, "yes"),
            ("2009/10", foreign_organisation, "yes"),
        )
    ]
    handle_back_load(load_answers(lines, sign_off=True).events)
    compute_stale_figures()


def page(client, address="/tables/T09/"):
    response = client.get(address)
    assert response.status_code == 200
    return response


def test_visitor_sees_published_figures_only(client, figures):
    response = page(client)

    assert b"England, 2008/09" in response.content
    assert b"2009/10</option>" not in response.content
    assert response.context["page"].table.rows[0]["cells"] == ["50%", "2"]


def test_asking_for_an_unpublished_collection_shows_the_published_one(client, figures):
    response = page(client, "/tables/T09/?areas=england&year=2009/10&compare=nothing&item=j01&returns=all")

    assert response.context["page"].choice.now == "2008/09"


@pytest.mark.parametrize("role", ["analyst", "national"])
def test_staff_of_tables_see_unpublished_figures_marked_as_such(client, figures, request, role):
    client.force_login(request.getfixturevalue(role))

    response = page(client)

    assert response.context["page"].table.rows[0]["cells"] == ["50%", "100%", "+50", "2"]
    assert b"Unpublished" in response.content


@pytest.mark.parametrize("role", ["lead", "director", "helpdesk", "support_worker"])
def test_others_see_what_the_public_sees(client, figures, request, role):
    client.force_login(request.getfixturevalue(role))

    assert page(client).context["page"].choice.now == "2008/09"


def test_figures_appear_with_the_publication(client, figures, at):
    Collection.objects.filter(year=2009).update(published_on=date(2010, 4, 22))
    assert page(client).context["page"].choice.now == "2008/09"

    at(date(2010, 4, 22))

    assert page(client).context["page"].choice.now == "2009/10"


def test_table_by_authority_shows_answers_and_totals(client, figures):
    response = page(client, "/tables/T09/?areas=authority&year=2008/09&compare=nothing&item=j01&returns=all")

    rows = {row["label"]: (row["cells"], row["total"]) for row in response.context["page"].table.rows}
    assert rows == {
        "Barnet": (["No", ""], False),
        "Trafford": (["Yes", ""], False),
        "England": (["50%", "2"], True),
    }


def test_table_of_a_region_ends_with_the_region_and_england(client, figures, organisation):
    address = (
        f"/tables/T09/?areas=in-{organisation.region.slug}&year=2008/09&compare=nothing&item=j01&returns=all"
    )

    rows = page(client, address).context["page"].table.rows

    assert [row["label"] for row in rows] == ["Trafford", organisation.region.name, "England"]
    assert rows[1]["cells"] == ["100%", "1"]


@pytest.mark.parametrize("code", ["R01", "R02", "R03", "R04", "R05", "T01", "T08", "T09"])
def test_every_table_has_its_page_and_files(client, figures, code):
    page(client, f"/tables/{code}/")
    page(client, f"/tables/{code}/?areas=region&year=2008/09&compare=nothing&returns=all")
    for format in ("csv", "xlsx", "json"):
        assert client.get(f"/tables/{code}/download.{format}").status_code == 200


def test_list_of_tables_links_to_each(client, figures):
    assert b'href="/tables/T09/"' in page(client, "/tables/").content


@pytest.mark.parametrize("address", ["/tables/T99/", "/tables/T09/download.pdf", "/tables/T99/download.csv"])
def test_what_does_not_exist_is_not_found(client, figures, address):
    assert client.get(address).status_code == 404


def test_table_without_a_published_collection_says_so(client, db):
    assert b"No figures are published yet" in page(client).content


def test_download_holds_what_the_page_shows(client, figures):
    response = client.get("/tables/T09/download.csv")

    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert response["Content-Disposition"] == 'attachment; filename="T09-2008-09.csv"'
    assert {row["collection"] for row in rows} == {"2008/09"}
    assert [row["value"] for row in rows if row["item"] == "j01"] == ["50"]


def test_download_of_unpublished_figures_is_logged(client, figures, analyst):
    client.get("/tables/T09/download.csv")
    client.force_login(analyst)
    client.get("/tables/T09/download.csv")

    with tenancy.staff_reading("test"):
        entry = AuditEntry.objects.get(what="downloaded unpublished table")
    assert (entry.user, entry.detail) == (analyst, {"table": "T09", "collections": ["2009/10"]})


def test_page_takes_few_statements(client, figures):
    page(client, "/tables/T01/?areas=region&year=2008/09&compare=nothing&item=b01&returns=all")

    with CaptureQueriesContext(connection) as queries:
        page(client, "/tables/T01/?areas=region&year=2008/09&compare=nothing&item=b01&returns=all")

    assert len(queries) <= 30

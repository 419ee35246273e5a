"""No page asks the database more than thirty questions, whoever opens it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.integration.walls.test_doors import address, ask, objects_of, our_views
from tests.people import sign_in

MOST = 30
TRANSACTION = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")

pytestmark = pytest.mark.django_db


def queries_of(client, url, data=None):
    """How many statements an answer takes; the marks of nested transactions are none."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        ask(client, url, data)
    return sum(not query["sql"].startswith(TRANSACTION) for query in captured.captured_queries)


@pytest.mark.parametrize("role", ["lead", "contributor", "director", "helpdesk", "visitor"])
def test_no_page_takes_more_than_thirty_queries(client, people, own, role):
    sign_in(client, people[role])
    counts = {
        name: queries_of(client, address(name, objects_of(own, name, arguments)))
        for name, _, arguments in our_views()
    }

    assert {name: count for name, count in counts.items() if count > MOST} == {}
    assert max(counts.values()) > 3


def test_saving_a_section_takes_no_more_than_thirty_queries(client, people, own):
    sign_in(client, people["lead"])
    url = address(
        "questionnaires:section", {**own.objects_for("organisation", "collection", "response", "section")}
    )

    count = queries_of(
        client, url, {"SVC-A14": "Team manager", "SVC-A23": "yes", "version": "99", "go": "here"}
    )

    assert 3 < count <= MOST


@pytest.mark.parametrize(("section", "cell"), [("Z", "SVC-Z01"), ("CAM", "CAM04|emot|n")])
def test_the_longest_module_takes_as_many_queries_as_a_short_section(client, people, own, section, cell):
    """Pages and saves: what a section asks is read at once, however much it is."""
    sign_in(client, people["lead"])
    names = own.objects_for("organisation", "collection", "response")
    url = address("questionnaires:section", {**names, "section": section})
    ask(client, url, {cell: "20", "version": "99", "go": "here"})  # a first save is told of on the next page
    ask(client, url)

    page, save = queries_of(client, url), queries_of(client, url, {cell: "21", "version": "99", "go": "here"})

    assert 3 < page <= 18 and 3 < save <= 17  # the register of postcodes may be in memory already

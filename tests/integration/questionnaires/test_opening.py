"""Opening responses: one by one or many at once, they start from what is known already."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import tenancy
from mapping.returns import actions as returns
from mapping.returns.actions import NewService
from questionnaires import actions
from questionnaires.models import Delegation, Response, Revision
from questionnaires.queries import questionnaire_of, reading
from questionnaires.queries.lists import part_of


@pytest.fixture
def in_bulk(annual_return, collections, lead, monkeypatch):
    """``in_bulk(7)`` lists as many services more and delegates them; returns Delegations and statements taken."""
    # The register of postcodes as it is in memory once somebody has read it.
    monkeypatch.setattr(reading, "outcodes", lambda: {"M33": frozenset({"E08000009"})})

    def delegate(count, to):
        part, pin = part_of(annual_return, "services"), collections[1].pins.get(key="service")
        news = [NewService(f"Team {number} of {count}", "08", {}) for number in range(count)]
        entries = returns.add_services(annual_return, news, by=lead)
        with CaptureQueriesContext(connection) as captured:
            opened = actions.open_responses(part, pin, entries, by=lead)
            given = actions.delegate(
                opened, actions.Asked(to=to, due_on=date(2010, 1, 20)), sections=["E", "F"], by=lead
            )
        return given, len(captured)

    return delegate


def test_opening_and_delegating_takes_as_many_statements_for_300_services_as_for_one(
    in_bulk, organisation, contributor
):
    with tenancy.scope(organisation):
        in_bulk(1, contributor)  # fills what is kept in memory
        one, statements_for_one = in_bulk(1, contributor)
        many, statements_for_many = in_bulk(300, contributor)

        assert Delegation.objects.filter(to=contributor, due_on=date(2010, 1, 20)).count() == 2 + 2 + 600
    assert (len(one), len(many)) == (2, 600)
    assert statements_for_many == statements_for_one


def test_many_start_as_one_does(annual_return, organisation, collections, lead):
    with tenancy.scope(organisation):
        part, pin = annual_return.parts.get(kind="services"), collections[1].pins.get(key="service")
        carried, new = annual_return.service_entries.order_by("pk")

        opened = actions.open_responses(part, pin, [new, carried], by=lead)

        assert [response.service_entry for response in opened] == [new, carried]
        again = actions.open_response(part, pin, by=lead, service_entry=carried)
        assert again == opened[1]
        assert again.cells["SVC-B01"] == {"v": "targeted", "o": "carried"}
        assert (again.version, again.missing_count) == (1, opened[1].missing_count)
        assert Revision.objects.get(response=again).changed["SVC-B01"] == [
            None,
            {"v": "targeted", "o": "carried"},
        ]
        assert (opened[0].cells, opened[0].version) == ({}, 0)
        assert Response.objects.get(pk=opened[0].pk).missing_count > 0


@pytest.mark.parametrize(
    ("category", "kinds", "period"),
    [
        ("06", ["06.01"], "June to November 2009"),
        ("06", ["06.02"], "November 2009"),
        ("10", ["10.02"], "June to November 2009"),
    ],
)
def test_activity_is_asked_over_the_period_of_category_and_kinds_of_help(
    annual_return, organisation, collections, lead, category, kinds, period
):
    with tenancy.scope(organisation):
        part, pin = annual_return.parts.get(kind="services"), collections[1].pins.get(key="service")
        entry = returns.add_service(annual_return, NewService("Ash House", category, {}), by=lead)
        opened = actions.open_response(part, pin, by=lead, service_entry=entry)
        saved, _ = actions.save_cells(opened, {"SVC-A03": {"v": kinds}}, seen_version=0, by=lead)

        label = questionnaire_of(saved).question("SVC-F02").label

    assert label == f"How many different children were seen during {period}?"


def test_what_is_there_already_is_left_alone(response, saved, fresh, organisation, lead):
    saved(response, {"SVC-F01": 99}, by=lead)
    with tenancy.scope(organisation):
        entries = list(response.service_entry.annual_return.service_entries.order_by("pk"))

        opened = actions.open_responses(response.part, response.pin, entries, by=lead)

    assert len({one.pk for one in opened}) == 2
    assert fresh(response).cells["SVC-F01"] == {"v": 99, "o": "typed"}
    assert fresh(response).version == 2


def test_delegating_again_moves_the_date_only(response, organisation, lead, contributor):
    with tenancy.scope(organisation):
        first = actions.delegate([response], actions.Asked(to=contributor), sections=["F"], by=lead)
        due_on = date(2010, 1, 22)
        again = actions.delegate(
            [response], actions.Asked(to=contributor, due_on=due_on), sections=["E", "F"], by=lead
        )

        assert again[1] == first[0]
        rows = Delegation.objects.filter(response=response).order_by("section")
        assert list(rows.values_list("section", "due_on")) == [("E", due_on), ("F", due_on)]

"""The helpdesk extends data entry and reopens parts, one organisation at a time."""

from datetime import date

import pytest
from django.urls import reverse

from accounts import tenancy
from accounts.models import AuditEntry
from mapping.returns.models import AnnualReturn, Part, ReturnEvent
from tests.factories import AnnualReturnFactory, CollectionFactory, PartFactory
from tests.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def part(organisation):
    return PartFactory(annual_return__organisation=organisation, decision="signed_off")


def url(name, organisation, **more):
    return reverse(f"helpdesk:{name}", kwargs={"slug": organisation.slug, **more})


def test_return_page_shows_parts_and_events(client, helpdesk, organisation, part):
    response = sign_in(client, helpdesk).get(url("return", organisation))

    assert response.context["parts"] == [part]
    assert url("reopen", organisation, kind="services") in response.content.decode()


def test_support_worker_sees_returns_of_the_own_region_only(
    client, support_worker, organisation, foreign_organisation, part
):
    sign_in(client, support_worker)

    assert client.get(url("return", organisation)).status_code == 200
    assert client.get(url("return", foreign_organisation)).status_code == 404
    listed = client.get(reverse("helpdesk:returns")).context["page"]
    assert list(listed) == [organisation]


@pytest.mark.parametrize(("name", "more"), [("extend", {}), ("reopen", {"kind": "services"})])
@pytest.mark.parametrize(
    ("role", "status"), [("support_worker", 403), ("analyst", 403), ("lead", 404), ("director", 404)]
)
def test_only_the_helpdesk_changes_returns(client, people, organisation, part, name, more, role, status):
    answers = {"until": "12 March 2010", "reason": "Flood"}

    response = sign_in(client, people[role]).post(url(name, organisation, **more), answers)

    assert response.status_code == status
    with tenancy.scope(organisation):
        assert Part.objects.get().decision == "signed_off"
        assert AnnualReturn.objects.get().extended_to is None


@pytest.mark.parametrize("until", ["12 March 2010", "12/03/2010"])
def test_data_entry_is_extended(client, helpdesk, organisation, until):
    AnnualReturnFactory(organisation=organisation)

    sign_in(client, helpdesk).post(url("extend", organisation), {"until": until, "reason": "Flood"})

    with tenancy.scope(organisation):
        assert AnnualReturn.objects.get().extended_to == date(2010, 3, 12)
        assert ReturnEvent.objects.get().kind == "extended"
        assert AuditEntry.objects.get().detail == {"until": "2010-03-12"}


def test_extension_opens_the_return_of_who_never_came(client, helpdesk, organisation):
    CollectionFactory()

    sign_in(client, helpdesk).post(url("extend", organisation), {"until": "12 March 2010", "reason": "Flood"})

    with tenancy.scope(organisation):
        assert AnnualReturn.objects.get().extended_to == date(2010, 3, 12)


def test_extension_to_a_day_that_is_open_anyway_is_refused(client, helpdesk, organisation):
    AnnualReturnFactory(organisation=organisation)

    response = sign_in(client, helpdesk).post(
        url("extend", organisation), {"until": "1 February 2010", "reason": "Flood"}
    )

    assert response.context["form"].errors["until"] == ["Data entry is open until 28 February 2010 anyway."]


def test_signed_off_part_is_reopened_with_a_reason(client, helpdesk, organisation, part):
    response = sign_in(client, helpdesk).post(url("reopen", organisation, kind="services"), {"reason": ""})
    assert response.context["form"].errors["reason"]

    client.post(url("reopen", organisation, kind="services"), {"reason": "A team was counted twice"})

    with tenancy.scope(organisation):
        assert Part.objects.get().decision == "sent_back"
        assert ReturnEvent.objects.get().note == "A team was counted twice"


def test_open_part_is_not_reopened(client, helpdesk, organisation):
    PartFactory(annual_return__organisation=organisation)

    response = sign_in(client, helpdesk).post(
        url("reopen", organisation, kind="services"), {"reason": "A mistake"}
    )

    assert response.context["form"].non_field_errors() == ["A part that is open cannot be reopened."]


def test_part_that_is_not_there_is_not_reopened(client, helpdesk, organisation):
    CollectionFactory()

    response = sign_in(client, helpdesk).post(
        url("reopen", organisation, kind="finance"), {"reason": "A mistake"}
    )

    assert response.context["form"].non_field_errors() == ["The organisation has no such part yet."]

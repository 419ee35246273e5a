"""The pages of the questionnaires about an organisation: what is owed, how far it is, and what its list says."""

import pytest

from accounts import tenancy
from accounts.models import Role
from mapping.returns import actions as returns
from mapping.returns.actions import NewService
from questionnaires import actions
from questionnaires.models import DefinitionVersion, Pin
from tests.factories import CollectionFactory, NHSTrustFactory, VoluntaryProviderFactory
from tests.people import member

PROVIDED = {
    "key": "T1",
    "label": "Are these all?",
    "type": "yn",
    "shows": "categories_provided",
    "mandatory": "yes",
}
PLANS = {
    "key": "T2",
    "label": "Plans",
    "type": "table",
    "rows": [{"key": "a", "label": "Children"}],
    "columns": [
        {"key": "state", "label": "State", "type": "one", "options": [{"key": "none", "label": "None"}]},
        {"key": "note", "label": "Note", "type": "text"}
        | {"needed_when": {"row": "same", "column": "state", "is_not": "none"}},
    ],
}
CONTENT = {
    "key": "nhs_provider",
    "code": "T",
    "title": "NHS provider questionnaire",
    "part": "organisation",
    "respondents": ["NHST"],
    "sections": [
        {"key": "A", "title": "First", "questions": [PROVIDED]},
        {"key": "B", "title": "Second", "questions": [PLANS]},
    ],
}


@pytest.fixture
def collection(db):
    """2009/10, which asks trusts and nobody else something about themselves."""
    collection = CollectionFactory(year=2009)
    for key, content in (
        ("nhs_provider", CONTENT),
        ("service", CONTENT | {"key": "service", "part": "services", "respondents": ["NHST", "VCS"]}),
    ):
        version = DefinitionVersion.objects.create(key=key, number=1, sha256=key, content=content)
        Pin.objects.create(
            collection=collection,
            key=key,
            part_kind=content["part"],
            respondents=content["respondents"],
            definition_version=version,
        )
    return collection


@pytest.fixture
def page(client, collection):
    """``page(organisation, address)`` is a page of its return, as its lead sees it."""

    def read(organisation, address):
        with tenancy.scope(organisation):
            returns.open_return(organisation, collection)
        lead = organisation.memberships.filter(role=Role.LEAD).first()
        client.force_login(lead.user if lead else member(organisation, Role.LEAD, "Jo Clarke"))
        return client.get(f"/{organisation.slug}/returns/2009-10/{address}").content.decode()

    return read


@pytest.fixture
def trust(collection):
    """A trust with a service of its own and one that another trust provides, and its response."""
    trust = NHSTrustFactory(slug="royal")
    lead = member(trust, Role.LEAD, "Jo Clarke")
    with tenancy.scope(trust):
        annual_return = returns.open_return(trust, collection)
        bought = {"provider": NHSTrustFactory(), "sector": "nhs"}
        news = [NewService("Ward", "07"), NewService("Team", "09"), NewService("Bought", "02", bought)]
        returns.add_services(annual_return, news, by=lead)
        part = annual_return.parts.get(kind="organisation")
        response = actions.open_response(part, collection.pins.get(key="nhs_provider"), by=lead)
    return trust, response, lead


def test_the_page_of_an_organisation_says_what_it_owes_and_how_far_that_is(page, trust):
    organisation, response, lead = trust

    assert "0 of 1 questionnaires complete" in page(organisation, "organisation/")
    assert ">Start</a>" in page(organisation, "organisation/")

    with tenancy.scope(organisation):
        actions.save_cells(response, {"T1": {"v": "yes"}}, seen_version=0, by=lead)
    assert "All answers are in" in page(organisation, "organisation/")


def test_who_owes_nothing_about_itself_reads_so(page):
    charity = VoluntaryProviderFactory(slug="charity")

    assert "Nothing is asked of your organisation itself" in page(charity, "organisation/")


def test_the_categories_provided_come_from_the_list_of_services(page, trust):
    organisation, response, _ = trust

    shown = page(organisation, f"responses/{response.pk}/A/")

    listed = shown.split('class="listed"')[1].split("</ul>")[0]
    assert (
        "<li>Hospital paediatrics and neonatal care</li><li>CAMHS tier 3 (specialist community)</li>"
        in listed
    )
    assert "Health visiting" not in listed


def test_an_untouched_section_without_mandatory_answers_is_not_called_complete(page, trust):
    organisation, response, lead = trust

    assert "No answer in this section is mandatory" in page(organisation, f"responses/{response.pk}/B/")

    with tenancy.scope(organisation):
        actions.save_cells(response, {"T2|a|state": {"v": "none"}}, seen_version=0, by=lead)
    assert "This section is complete" in page(organisation, f"responses/{response.pk}/B/")


def test_a_field_that_an_answer_makes_pointless_is_marked_for_small_screens(page, trust):
    organisation, response, lead = trust
    with tenancy.scope(organisation):
        actions.save_cells(response, {"T2|a|state": {"v": "none"}}, seen_version=0, by=lead)

    assert '<td class="words unneeded">' in page(organisation, f"responses/{response.pk}/B/")

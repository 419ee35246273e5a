"""What a page never sends, but a person with a program can."""

import pytest

from accounts import tenancy
from questionnaires.models import Delegation, Pin, Response
from tests.integration.questionnaires.test_section_page import address
from tests.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_section(client, response, contributor, lead, organisation):
    """A contributor who was asked for one section: ``in_section("E")`` signs them in."""

    def asked(section):
        with tenancy.scope(organisation):
            Delegation.objects.create(
                organisation=organisation,
                annual_return=response.part.annual_return,
                response=response,
                section=section,
                to=contributor,
                by=lead,
            )
        return sign_in(client, contributor)

    return asked


@pytest.mark.parametrize(
    ("section", "cell"),
    [
        ("A", "SVC-A01"),  # the name, which the list of services keeps
        ("D", "SVC-D01|somewhere|name"),  # no page makes such a row
        ("E", "SVC-E02"),  # worked out from the rows above
        ("F", "SVC-E03"),  # of another section
    ],
)
def test_a_choice_between_two_values_takes_only_what_the_page_asks(
    in_section, response, fresh, section, cell
):
    visitor = in_section(section)
    sent = {"version": 1, f"mine:{cell}": "7", f"choose:{cell}": "yours"}

    visitor.post(address(response, section), sent)

    assert fresh(response).cells.get(cell) == response.cells.get(cell)


def test_a_questionnaire_that_is_not_owed_is_not_opened_by_delegating_it(
    client, lead, contributor, annual_return, organisation
):
    Pin.objects.filter(key="childrens_trust").update(respondents=["PCTC"])
    sent = {"give": "yes", "questionnaire": "childrens_trust", "person": contributor.pk}

    answer = sign_in(client, lead).post("/trafford/returns/2009-10/delegate/", sent)

    assert answer.url == "/trafford/returns/2009-10/#services"
    with tenancy.scope(organisation):
        assert not Response.objects.filter(service_entry=None).exists()


def test_delegating_sends_no_more_invitations_than_inviting(client, lead, response, settings):
    settings.ACCOUNT_RATE_LIMITS = {"invite": "1/h/user"}
    visitor = sign_in(client, lead)

    def invited(email):
        sent = {"give": "yes", "response": response.pk, "email": email}
        return visitor.post("/trafford/returns/2009-10/delegate/", sent).status_code

    assert [invited("one@partner.example"), invited("two@partner.example")] == [302, 429]

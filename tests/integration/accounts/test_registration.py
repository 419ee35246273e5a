"""Becoming the mapping lead: by an address of the organisation, the helpdesk, or by way of the first."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from accounts import actions, tenancy
from accounts.models import (
    AuditEntry,
    EmailDomain,
    Membership,
    Message,
    OrganisationRequest,
    Registration,
    Role,
    User,
)
from tests.factories import OrganisationFactory, RegistrationFactory, UserFactory
from tests.people import sign_in

pytestmark = pytest.mark.django_db

Status = Registration.Status


@pytest.fixture
def own_domain(organisation):
    return EmailDomain.objects.create(domain="trafford.gov.uk", organisation=organisation)


def register_url(organisation):
    return reverse("accounts:register_for", kwargs={"slug": organisation.slug})


def registrations(organisation):
    with tenancy.scope(organisation):
        return list(Registration.objects.order_by("pk"))


def messages_of(organisation):
    with tenancy.scope(organisation):
        return list(Message.objects.order_by("pk"))


def leads(organisation):
    return set(Membership.objects.leads().filter(organisation=organisation).values_list("user", flat=True))


# -- Finding the organisation ----------------------------------------------------------------------


def test_search_finds_by_words_of_the_name(client, organisation, foreign_organisation):
    response = client.get(reverse("accounts:register"), {"q": "traff"})

    assert [found.name for found in response.context["page"]] == ["Trafford"]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"kind": "pct"}, ["Trafford PCT"]),
        ({"region": "london"}, ["Barnet"]),
        ({"q": "E08000009"}, ["Trafford"]),
        ({"q": "council of nowhere"}, []),
        ({"region": "no-such-region"}, ["Barnet", "Trafford", "Trafford PCT"]),
    ],
)
def test_search_filters(client, organisation, foreign_organisation, filters, names):
    OrganisationFactory(name="Trafford PCT", kind="pct", code="5NR", la_type="")

    response = client.get(reverse("accounts:register"), filters)

    assert [found.name for found in response.context["page"]] == names


def test_search_leaves_out_authorities_that_are_gone(client, organisation):
    OrganisationFactory(name="Cheshire", on_register=[2008])

    response = client.get(reverse("accounts:register"))

    assert [found.name for found in response.context["page"]] == ["Trafford"]


@pytest.mark.parametrize("how_many", [1, 3])
def test_search_asks_the_database_as_often_for_many(client, db, how_many, django_assert_max_num_queries):
    OrganisationFactory.create_batch(how_many)

    with django_assert_max_num_queries(8):
        response = client.get(reverse("accounts:register"))

    assert len(response.context["page"]) == how_many


# -- Signing up on the way -------------------------------------------------------------------------


def sign_up(client, email):
    return client.post(
        reverse("account_signup"),
        {"email": email, "password1": "three odd words 7", "name": "Ruth  Ashworth"},
    )


def confirm_address(client):
    """Open the link of the confirmation mail, and press its button."""
    link = re.search(r"/accounts/confirm-email/\S+/", mail.outbox[-1].body).group()
    client.get(link)
    return client.post(link)


def test_address_of_the_organisation_is_approved_once_confirmed(client, organisation, own_domain):
    client.post(register_url(organisation), {"post": "Performance manager", "note": ""})
    sign_up(client, "ruth@trafford.gov.uk")
    user = User.objects.get()
    assert (user.name, leads(organisation)) == ("Ruth Ashworth", set())
    assert [r.status for r in registrations(organisation)] == [Status.UNCONFIRMED]

    confirm_address(client)

    assert [r.status for r in registrations(organisation)] == [Status.APPROVED]
    membership = Membership.objects.get()
    assert (membership.user, membership.role, membership.post) == (user, Role.LEAD, "Performance manager")
    assert [m.recipient for m in messages_of(organisation)] == [user]
    with tenancy.scope(organisation):
        assert AuditEntry.objects.get().what == "registration approved"


def test_confirming_in_another_browser_decides_as_well(client, organisation, own_domain):
    client.post(register_url(organisation), {"post": "Performance manager"})
    sign_up(client, "ruth@trafford.gov.uk")

    confirm_address(type(client)())

    assert [r.status for r in registrations(organisation)] == [Status.APPROVED]


def test_unconfirmed_address_opens_nothing(client, organisation, own_domain):
    client.post(register_url(organisation), {"post": "Performance manager"})

    sign_up(client, "ruth@trafford.gov.uk")

    assert not Membership.objects.exists()
    assert client.get(reverse("accounts:you")).status_code == 302


@pytest.mark.parametrize(
    "email", ["ruth@nhs.net", "ruth@another.example", "ruth@sub.trafford.gov.uk.example"]
)
def test_other_addresses_wait_for_the_helpdesk(client, organisation, own_domain, email):
    EmailDomain.objects.create(domain="nhs.net", shared=True)
    user = UserFactory(email=email)

    response = sign_in(client, user).post(register_url(organisation), {"post": "Manager"})

    assert response.url == reverse("accounts:you")
    assert [r.status for r in registrations(organisation)] == [Status.WAITING]
    assert not Membership.objects.exists()


def test_domain_of_another_organisation_waits(client, foreign_organisation, own_domain):
    user = UserFactory(email="ruth@trafford.gov.uk")

    sign_in(client, user).post(register_url(foreign_organisation), {"post": "Manager"})

    assert [r.status for r in registrations(foreign_organisation)] == [Status.WAITING]


def test_second_address_of_the_account_counts_only_once_confirmed(client, organisation, own_domain):
    user = UserFactory(email="ruth@home.example")
    second = user.emailaddress_set.create(email="ruth@trafford.gov.uk", verified=False)

    actions.register(organisation, by=user, post="Manager")
    assert not leads(organisation)

    with tenancy.scope(organisation):
        Registration.objects.update(status=Status.UNCONFIRMED)
    second.verified = True
    second.save()
    actions.settle_registrations(user)

    assert leads(organisation) == {user.pk}


def test_post_is_asked_for(client, organisation):
    response = sign_in(client, UserFactory()).post(register_url(organisation), {"post": " "})

    assert response.status_code == 200
    assert response.context["form"].errors["post"] == ["Fill this in."]
    assert not registrations(organisation)


# -- The second registrant -------------------------------------------------------------------------


def test_second_registrant_is_sent_to_the_first(client, organisation, lead, own_domain):
    second = UserFactory(email="omar@trafford.gov.uk", name="Omar Aziz")

    sign_in(client, second).post(register_url(organisation), {"post": "Analyst", "note": "I do the figures"})

    assert [r.status for r in registrations(organisation)] == [Status.REFERRED]
    assert leads(organisation) == {lead.pk}
    assert {m.email: m.subject for m in messages_of(organisation)} == {
        "omar@trafford.gov.uk": "Trafford Council has a mapping lead already",
        "lead@trafford.example": "Omar Aziz would like to join Trafford Council",
    }
    assert "Ruth Ashworth is the mapping lead" in client.get(reverse("accounts:you")).content.decode()


def test_name_of_the_lead_is_not_told_before_the_address_is_confirmed(organisation, lead):
    stranger = UserFactory(confirmed=False)

    registration = actions.register(organisation, by=stranger, post="Analyst")

    assert (registration.status, registration.reason) == (Status.UNCONFIRMED, "")
    assert not messages_of(organisation)


def test_lead_invites_the_second_registrant_with_one_button(client, organisation, lead):
    second = UserFactory(email="omar@trafford.example", name="Omar Aziz")
    registration = actions.register(organisation, by=second, post="Analyst")
    people_page = reverse("accounts:people", kwargs={"organisation": organisation.slug})
    assert "Omar Aziz" in sign_in(client, lead).get(people_page).content.decode()

    url = reverse(
        "accounts:invite_registrant",
        kwargs={"organisation": organisation.slug, "registration": registration.pk},
    )
    client.post(url, {"role": "deputy"})

    with tenancy.scope(organisation):
        invitation = organisation.invitations.get()
        assert (invitation.email, invitation.role) == ("omar@trafford.example", Role.DEPUTY)
    assert not client.get(people_page).context["registrants"]


def test_those_who_wait_are_sent_to_whoever_is_approved_first(organisation, helpdesk):
    first, second = (actions.register(organisation, by=UserFactory(), post="Manager") for _ in range(2))

    actions.approve(second, by=helpdesk)

    assert leads(organisation) == {second.user_id}
    assert {r.pk: r.status for r in registrations(organisation)} == {
        first.pk: Status.REFERRED,
        second.pk: Status.APPROVED,
    }


# -- Who cannot register ---------------------------------------------------------------------------


def test_director_cannot_become_lead(client, organisation, director):
    response = sign_in(client, director).post(register_url(organisation), {"post": "Director"}, follow=True)

    assert "whoever signs off must not be one who answers and submits" in response.content.decode()
    assert not registrations(organisation)


def test_staff_cannot_register(organisation, helpdesk):
    with pytest.raises(actions.Refused, match="Staff accounts"):
        actions.register(organisation, by=helpdesk, post="Helpdesk")


def test_lead_cannot_register_again(organisation, lead):
    with pytest.raises(actions.Refused, match="already"):
        actions.register(organisation, by=lead, post="Manager")


def test_nobody_registers_twice_while_it_waits(organisation):
    user = UserFactory()
    actions.register(organisation, by=user, post="Manager")

    with pytest.raises(actions.Refused, match="registered for Trafford already"):
        actions.register(organisation, by=user, post="Manager")

    assert len(registrations(organisation)) == 1


def test_contributor_becomes_lead_in_the_same_membership(organisation, contributor, own_domain):
    contributor.emailaddress_set.create(email="priya@trafford.gov.uk", verified=True)

    actions.register(organisation, by=contributor, post="Manager")

    assert [(m.user, m.role) for m in Membership.objects.all()] == [(contributor, Role.LEAD)]


def test_registering_is_limited(client, organisation, settings):
    settings.ACCOUNT_RATE_LIMITS = {"register": "2/h/ip"}
    answers = [client.post(register_url(organisation), {"post": "Manager"}).status_code for _ in range(3)]

    assert answers == [302, 302, 429]


# -- Organisations that are in no register ---------------------------------------------------------


def test_request_for_an_organisation_waits_for_the_helpdesk(client):
    user = UserFactory()
    request_page = reverse("accounts:request_organisation")

    sign_in(client, user).post(
        request_page,
        {"name": "Young Carers", "kind": "voluntary", "post": "Chair", "note": "Respite in Sale"},
    )

    asked = OrganisationRequest.objects.get()
    assert (asked.user, asked.name, asked.answered_at) == (user, "Young Carers", None)
    assert "To add Young Carers" in client.get(reverse("accounts:you")).content.decode()


def test_visitor_signs_in_before_asking_for_an_organisation(client):
    response = client.get(reverse("accounts:request_organisation"))

    assert response.url.startswith(reverse("account_login"))


def test_own_registrations_show_and_those_of_others_do_not(client, organisation, foreign_organisation):
    mine = RegistrationFactory(organisation=organisation)
    RegistrationFactory(organisation=foreign_organisation)

    response = sign_in(client, mine.user).get(reverse("accounts:you"))

    assert response.context["registrations"] == [mine]


def test_account_page_saves_name_and_telephone(client, lead):
    sign_in(client, lead).post(reverse("accounts:you"), {"name": "Ruth A.", "telephone": "0161 496 0000"})

    lead.refresh_from_db()
    assert (lead.name, lead.telephone) == ("Ruth A.", "0161 496 0000")


# -- At the same moment ----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_who_register_at_the_same_moment_do_not_both_lead(organisation, own_domain):
    users = [UserFactory(email=f"person{n}@trafford.gov.uk") for n in range(4)]

    def register(user):
        try:
            return actions.register(organisation, by=user, post="Manager").status
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as pool:
        outcomes = sorted(pool.map(register, users))

    assert outcomes == [Status.APPROVED, *[Status.REFERRED] * 3]
    assert len(leads(organisation)) == 1

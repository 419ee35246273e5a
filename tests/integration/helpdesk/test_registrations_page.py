"""The helpdesk decides about people: leads, directors, organisations to add."""

import pytest
from django.urls import reverse

from accounts import actions, tenancy
from accounts.models import (
    AuditEntry,
    Membership,
    Message,
    Organisation,
    OrganisationRequest,
    Registration,
    Role,
)
from tests.factories import (
    InvitationFactory,
    MembershipFactory,
    MessageFactory,
    RegistrationFactory,
    UserFactory,
)
from tests.people import sign_in

pytestmark = pytest.mark.django_db

Status = Registration.Status
PAGE = "/helpdesk/"


@pytest.fixture
def registration(organisation):
    return RegistrationFactory(organisation=organisation, user__email="omar@nhs.net", user__name="Omar Aziz")


@pytest.fixture
def waiting_director(organisation, lead):
    user = UserFactory(email="helen@trafford.example", name="Helen Marsden")
    invitation = InvitationFactory(
        organisation=organisation, invited_by=lead, email=user.email, role=Role.DIRECTOR
    )
    with tenancy.scope(organisation):
        return actions.accept(invitation, by=user, post="Director of children's services")


@pytest.fixture
def asked(db):
    return OrganisationRequest.objects.create(
        user=UserFactory(name="Zoe Hart"), name="Young Carers", kind="voluntary", post="Chair", note="In Sale"
    )


def url(name, row):
    return reverse(f"helpdesk:{name}", kwargs={"pk": row.pk})


def now_of(registration):
    with tenancy.scope(registration.organisation):
        return Registration.objects.select_related("decided_by").get(pk=registration.pk)


def mails_to(organisation):
    with tenancy.scope(organisation):
        return {m.email: m.subject for m in Message.objects.filter(invitation=None)}


WHO = [
    ("lead", 404),
    ("contributor", 404),
    ("director", 404),
    ("outsider", 404),
    ("analyst", 403),
    ("visitor", 302),
]


@pytest.mark.parametrize(
    ("role", "status"), [*WHO, ("helpdesk", 200), ("national", 200), ("support_worker", 200)]
)
def test_registrations_admit_staff_who_follow_returns(client, people, role, status):
    assert sign_in(client, people[role]).get(PAGE).status_code == status


@pytest.mark.parametrize(
    ("role", "status"), [*WHO, ("helpdesk", 302), ("national", 302), ("support_worker", 403)]
)
def test_approving_is_for_the_helpdesk(client, people, organisation, role, status):
    organisation.memberships.leads().delete()  # else the registration is referred to them
    for leading in ("lead", "deputy"):
        people[leading].__dict__.pop("active_memberships", None)
    registration = RegistrationFactory(organisation=organisation)

    response = sign_in(client, people[role]).post(url("approve", registration))

    assert response.status_code == status
    approved = role in {"helpdesk", "national"}
    assert now_of(registration).status == (Status.APPROVED if approved else Status.WAITING)


def test_support_worker_sees_the_own_regions_only(client, support_worker, registration, foreign_organisation):
    RegistrationFactory(organisation=foreign_organisation)
    MembershipFactory(organisation=foreign_organisation, role=Role.DIRECTOR)

    response = sign_in(client, support_worker).get(PAGE)

    assert list(response.context["registrations"]) == [registration]
    assert response.context["directors"] == []
    assert "Approve" not in response.content.decode()


@pytest.mark.parametrize("how_many", [1, 3])
def test_registrations_ask_the_database_as_often_for_many(
    client, helpdesk, organisation, how_many, django_assert_max_num_queries
):
    RegistrationFactory.create_batch(how_many, organisation=organisation)
    MembershipFactory.create_batch(how_many, organisation=organisation, role=Role.DIRECTOR)
    sign_in(client, helpdesk)

    with django_assert_max_num_queries(22):
        response = client.get(PAGE)

    assert len(response.context["directors"]) == len(response.context["registrations"]) == how_many


def test_approved_registrant_becomes_lead_and_hears_of_it(client, helpdesk, registration, organisation):
    sign_in(client, helpdesk).post(url("approve", registration))

    assert (now_of(registration).status, now_of(registration).decided_by) == (Status.APPROVED, helpdesk)
    assert Membership.objects.get(organisation=organisation).user == registration.user
    assert mails_to(organisation) == {"omar@nhs.net": "You are the mapping lead of Trafford Council"}
    with tenancy.scope(organisation):
        assert AuditEntry.objects.get(what="registration approved").user == helpdesk


def test_approving_refers_to_a_lead_who_is_there_by_now(client, helpdesk, registration, lead):
    response = sign_in(client, helpdesk).post(url("approve", registration), follow=True)

    assert now_of(registration).status == Status.REFERRED
    assert "was sent to the mapping lead who is there by now" in response.content.decode()


def test_declining_needs_a_reason_that_the_person_is_told(client, helpdesk, registration, organisation):
    response = sign_in(client, helpdesk).post(url("decline", registration), {"reason": ""})
    assert response.context["form"].errors["reason"]
    assert now_of(registration).status == Status.WAITING

    client.post(url("decline", registration), {"reason": "Not of this council"})

    assert (now_of(registration).status, now_of(registration).reason) == (
        Status.DECLINED,
        "Not of this council",
    )
    assert list(mails_to(organisation)) == ["omar@nhs.net"]
    assert not Membership.objects.exists()


@pytest.mark.parametrize("second", ["approve", "decline"])
def test_what_is_decided_is_not_decided_again(client, helpdesk, registration, second):
    sign_in(client, helpdesk).post(url("decline", registration), {"reason": "Not of this council"})

    response = client.post(url(second, registration), {"reason": "Again"}, follow=True)

    assert "decided already: declined" in response.content.decode()
    assert now_of(registration).reason == "Not of this council"


def test_missing_registration_is_not_found(client, helpdesk):
    assert sign_in(client, helpdesk).post("/helpdesk/registrations/999/approve/").status_code == 404


# -- Directors -------------------------------------------------------------------------------------


def test_director_counts_once_confirmed(client, helpdesk, waiting_director, organisation):
    page = sign_in(client, helpdesk).get(PAGE)
    assert [(d.user.name, d.inviter) for d in page.context["directors"]] == [
        ("Helen Marsden", "Ruth Ashworth")
    ]

    client.post(url("confirm_director", waiting_director))

    assert [m.user.name for m in Membership.objects.directors()] == ["Helen Marsden"]
    assert set(mails_to(organisation)) == {"helen@trafford.example", "lead@trafford.example"}
    again = client.post(url("confirm_director", waiting_director), follow=True)
    assert "decided about this director already" in again.content.decode()


def test_refused_director_has_no_part(client, helpdesk, waiting_director, organisation):
    sign_in(client, helpdesk).post(url("decline_director", waiting_director), {"reason": "Not the director"})

    assert not Membership.objects.filter(user=waiting_director.user, ended_at=None).exists()
    with tenancy.scope(organisation):
        told = Message.objects.get(email="lead@trafford.example", subject__contains="not confirmed")
    assert "Not the director" in told.body


def test_membership_that_is_no_director_is_not_found(client, helpdesk, lead):
    response = sign_in(client, helpdesk).post(url("confirm_director", lead.memberships.get()))

    assert response.status_code == 404


# -- Organisations to add --------------------------------------------------------------------------


def test_added_organisation_has_its_lead(client, helpdesk, asked):
    sign_in(client, helpdesk).post(
        url("add_requested", asked), {"name": "Young Carers", "kind": "voluntary", "code": ""}
    )

    added = Organisation.objects.get(name="Young Carers")
    assert (added.kind, added.slug, added.code) == ("voluntary", "young-carers", None)
    assert [(m.user, m.role, m.post) for m in added.memberships.all()] == [(asked.user, Role.LEAD, "Chair")]
    asked.refresh_from_db()
    assert asked.answered_by == helpdesk


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"kind": "pct", "code": ""}, "code"),
        ({"kind": "local_authority", "code": "E1"}, "la_type"),
        ({"kind": "voluntary", "la_type": "unitary"}, "la_type"),
        ({"kind": "nhs_trust", "code": "e08000009"}, "code"),
    ],
)
def test_organisation_is_added_only_with_what_its_kind_needs(
    client, helpdesk, asked, organisation, answers, field
):
    response = sign_in(client, helpdesk).post(url("add_requested", asked), {"name": "New", **answers})

    assert list(response.context["form"].errors) == [field]
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize("name", ["Trafford", "Accounts", "!!"])
def test_address_of_an_added_organisation_is_free(client, helpdesk, asked, organisation, name):
    sign_in(client, helpdesk).post(url("add_requested", asked), {"name": name, "kind": "voluntary"})

    slug = Organisation.objects.get(kind="voluntary").slug
    assert slug == {"Trafford": "trafford-2", "Accounts": "accounts-2", "!!": "organisation"}[name]


def test_declined_request_is_answered_by_mail(
    client, helpdesk, asked, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(client, helpdesk).post(url("decline_request", asked), {"reason": "It serves adults."})

    (mail,) = mailoutbox
    assert (mail.to, "It serves adults." in mail.body) == ([asked.user.email], True)
    again = client.post(url("decline_request", asked), {"reason": "Again"}, follow=True)
    assert "answered this request already" in again.content.decode()


def test_mails_that_were_given_up_are_listed(client, helpdesk, organisation):
    lost = MessageFactory(organisation=organisation, mail_status=Message.MailStatus.GIVEN_UP)
    MessageFactory(organisation=organisation, mail_status=Message.MailStatus.SENT)

    response = sign_in(client, helpdesk).get(PAGE)

    assert list(response.context["undelivered"]) == [lost]

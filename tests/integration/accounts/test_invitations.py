"""Inviting people and voluntary providers, and what an invitation's link can and cannot do."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import actions, tenancy
from accounts.models import Invitation, Membership, Message, Organisation, Role, User, hash_of
from accounts.models.people import INVITATION_DAYS
from tests.factories import (
    INVITATION_TOKEN,
    InvitationFactory,
    MembershipFactory,
    NHSTrustFactory,
    UserFactory,
    VoluntaryProviderFactory,
)
from tests.people import sign_in

pytestmark = pytest.mark.django_db

LINK = f"/invitation/{INVITATION_TOKEN}/"


@pytest.fixture
def invitation(organisation, lead):
    return InvitationFactory(organisation=organisation, invited_by=lead, email="omar@trafford.example")


@pytest.fixture
def omar():
    return UserFactory(email="omar@trafford.example", name="Omar Aziz")


def now_of(invitation):
    with tenancy.scope(invitation.organisation):
        return Invitation.objects.get(pk=invitation.pk)


def change(invitation, **fields):
    with tenancy.scope(invitation.organisation):
        Invitation.objects.filter(pk=invitation.pk).update(**fields)


def invite_url(organisation):
    return reverse("accounts:invite", kwargs={"organisation": organisation.slug})


def memberships(user):
    return [(m.organisation, m.role) for m in user.memberships.filter(ended_at=None)]


# -- Inviting --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("lead", 302),
        ("contributor", 403),
        ("director", 403),
        ("outsider", 404),
        ("helpdesk", 403),
        ("support_worker", 403),
        ("analyst", 403),
        ("national", 403),
        ("visitor", 302),
    ],
)
def test_invite_admits_only_who_manages_people(client, people, organisation, role, status):
    answers = {"email": "omar@trafford.example", "role": "contributor"}

    response = sign_in(client, people[role]).post(invite_url(organisation), answers)

    assert response.status_code == status
    with tenancy.scope(organisation):
        assert Invitation.objects.count() == (1 if role == "lead" else 0)


def test_invitation_goes_out_with_a_link_that_only_the_mail_knows(
    client, organisation, lead, mailoutbox, settings, django_capture_on_commit_callbacks
):
    settings.CELERY_TASK_ALWAYS_EAGER = True

    with django_capture_on_commit_callbacks(execute=True):
        sign_in(client, lead).post(
            invite_url(organisation),
            {"email": "Omar@Trafford.example", "name": "Omar Aziz", "role": "contributor", "note": "Hello"},
        )

    (sent,) = mailoutbox
    assert sent.to == ["omar@trafford.example"]
    assert sent.subject == "Ruth Ashworth invites you to take part for Trafford Council"
    token = sent.body.partition("/invitation/")[2].partition("/")[0]
    client.logout()
    assert client.get(f"/invitation/{token}/").context["invitation"].email == "omar@trafford.example"
    with tenancy.scope(organisation):
        assert token not in str(list(Message.objects.values()) + list(Invitation.objects.values()))


def test_inviting_again_sends_the_same_invitation_anew(organisation, invitation, lead):
    with tenancy.scope(organisation):
        again = actions.invite(organisation, email="omar@trafford.example", role=Role.CONTRIBUTOR, by=lead)

    assert again.pk == invitation.pk
    assert again.token_hash != invitation.token_hash


def test_inviting_to_another_role_withdraws_the_earlier_invitation(organisation, invitation, lead):
    with tenancy.scope(organisation):
        actions.invite(organisation, email="omar@trafford.example", role=Role.DEPUTY, by=lead)

    assert now_of(invitation).withdrawn_at


def test_member_is_not_invited_to_what_they_are(client, organisation, lead, contributor):
    response = sign_in(client, lead).post(
        invite_url(organisation), {"email": contributor.email, "role": "contributor"}
    )

    assert response.context["form"].non_field_errors() == ["Priya Nair is contributor of Trafford already."]


def test_lead_cannot_be_invited_as_director(client, organisation, lead):
    response = sign_in(client, lead).post(invite_url(organisation), {"email": lead.email, "role": "director"})

    (refusal,) = response.context["form"].non_field_errors()
    assert refusal.startswith("Ruth Ashworth is mapping lead of Trafford and cannot be director as well")


# -- Accepting -------------------------------------------------------------------------------------


def test_person_with_the_address_accepts(client, invitation, organisation, omar, lead):
    response = sign_in(client, omar).post(LINK, {"post": "Analyst"})

    assert response.url == f"/{organisation.slug}/"
    assert memberships(omar) == [(organisation, Role.CONTRIBUTOR)]
    assert now_of(invitation).accepted_by == omar
    with tenancy.scope(organisation):
        assert Message.objects.get().recipient == lead


def test_accepting_needs_no_answer_at_all(client, invitation, organisation, omar):
    sign_in(client, omar).post(LINK)

    assert memberships(omar) == [(organisation, Role.CONTRIBUTOR)]


def test_newcomer_makes_an_account_on_the_way(client, invitation, organisation):
    response = client.post(LINK, {"name": "Omar Aziz", "password": "three odd words 7", "post": ""})

    assert response.url == f"/{organisation.slug}/"
    omar = User.objects.get(email="omar@trafford.example")
    assert memberships(omar) == [(organisation, Role.CONTRIBUTOR)]
    assert omar.emailaddress_set.get().verified
    assert client.get(reverse("accounts:you")).status_code == 200


def test_newcomer_needs_a_good_password(client, invitation):
    response = client.post(LINK, {"name": "Omar Aziz", "password": "short"})

    assert "at least 10 characters" in str(response.context["form"].errors["password"])
    assert not User.objects.filter(email="omar@trafford.example").exists()


def test_who_has_an_account_is_asked_to_sign_in(client, invitation, omar):
    response = client.post(LINK, {"name": "Omar", "password": "three odd words 7"})

    assert f"{reverse('account_login')}?next={LINK}" in response.content.decode()
    assert not memberships(omar)


def test_looking_at_an_invitation_changes_nothing(client, invitation, omar):
    sign_in(client, omar).get(LINK)

    assert now_of(invitation).accepted_at is None
    assert not memberships(omar)


def test_contributor_who_accepts_as_deputy_is_deputy(client, organisation, lead, contributor):
    InvitationFactory(organisation=organisation, invited_by=lead, email=contributor.email, role=Role.DEPUTY)

    sign_in(client, contributor).post(LINK)

    assert memberships(contributor) == [(organisation, Role.DEPUTY)]


def test_deputy_stays_deputy_when_accepting_as_contributor(organisation, lead):
    deputy = MembershipFactory(organisation=organisation, role=Role.DEPUTY).user
    invitation = InvitationFactory(organisation=organisation, invited_by=lead, email=deputy.email)

    with tenancy.scope(organisation):
        actions.accept(invitation, by=deputy)

    assert memberships(deputy) == [(organisation, Role.DEPUTY)]


def test_whoever_became_lead_meanwhile_cannot_accept_as_director(client, organisation, lead):
    InvitationFactory(organisation=organisation, invited_by=lead, email=lead.email, role=Role.DIRECTOR)

    response = sign_in(client, lead).post(LINK)

    assert "cannot be director as well" in response.content.decode()
    assert memberships(lead) == [(organisation, Role.LEAD)]


# -- What a link cannot do -------------------------------------------------------------------------


def test_link_is_useless_to_another_account(client, invitation, outsider):
    response = sign_in(client, outsider).post(LINK)

    assert "This invitation was sent to omar@trafford.example" in response.content.decode()
    assert now_of(invitation).accepted_at is None


def test_link_is_useless_to_an_account_whose_address_is_not_confirmed(client, invitation):
    user = UserFactory(email="omar@trafford.example", confirmed=False)

    sign_in(client, user).post(LINK)

    assert not memberships(user)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"withdrawn_at": timezone.now()}, "was withdrawn"),
        ({"accepted_at": timezone.now()}, "has been accepted already"),
        ({"created_at": timezone.now() - timedelta(days=INVITATION_DAYS * 1000)}, "is too old"),
    ],
)
def test_link_that_is_used_up_says_so(client, invitation, omar, fields, words):
    change(invitation, **fields)

    response = sign_in(client, omar).post(LINK)

    assert response.status_code == 410
    assert words in response.content.decode()
    assert not memberships(omar)


def test_link_works_once(client, invitation, omar):
    sign_in(client, omar).post(LINK)
    omar.memberships.update(ended_at=timezone.now())

    response = client.post(LINK)

    assert response.status_code == 410
    assert not memberships(omar)


@pytest.mark.parametrize("fields", [{"withdrawn_at": timezone.now()}, {"accepted_at": timezone.now()}])
def test_action_refuses_what_changed_after_the_page_was_opened(invitation, omar, fields):
    change(invitation, **fields)

    with tenancy.scope(invitation.organisation), pytest.raises(actions.Refused):
        actions.accept(invitation, by=omar)


def test_unknown_link_is_not_found(client, invitation):
    assert client.get("/invitation/another-token/").status_code == 404


def test_accepting_is_limited(client, invitation, settings):
    settings.ACCOUNT_RATE_LIMITS = {"invitation": "1/h/ip"}

    answers = [client.post(LINK, {"password": "x"}).status_code for _ in range(2)]

    assert answers == [200, 429]


def test_withdrawn_and_sent_again_from_the_page_of_people(client, invitation, organisation, lead, omar):
    where = {"organisation": organisation.slug, "invitation": invitation.pk}
    sign_in(client, lead).post(reverse("accounts:send_again", kwargs=where))
    assert client.get(LINK).status_code == 404  # the earlier link

    client.post(reverse("accounts:withdraw", kwargs=where))

    assert now_of(invitation).withdrawn_at
    with tenancy.scope(organisation), pytest.raises(actions.Refused):
        actions.send_again(invitation, by=lead)


def test_invitation_of_another_organisation_is_not_found(client, invitation, foreign_organisation):
    other_lead = MembershipFactory(organisation=foreign_organisation).user
    where = {"organisation": foreign_organisation.slug, "invitation": invitation.pk}

    response = sign_in(client, other_lead).post(reverse("accounts:withdraw", kwargs=where))

    assert response.status_code == 404
    assert now_of(invitation).withdrawn_at is None


# -- Directors -------------------------------------------------------------------------------------


def test_director_waits_until_the_helpdesk_confirms(client, organisation, lead, omar):
    InvitationFactory(organisation=organisation, invited_by=lead, email=omar.email, role=Role.DIRECTOR)

    response = sign_in(client, omar).post(LINK, {"post": "Director of children's services"})

    assert response.url == reverse("accounts:you")
    assert "Waits for the helpdesk" in client.get(response.url).content.decode()
    assert Membership.objects.directors().filter(user=omar).count() == 0
    assert (
        client.get(reverse("accounts:people", kwargs={"organisation": organisation.slug})).status_code == 404
    )


# -- Voluntary providers ---------------------------------------------------------------------------


def provider_url(organisation):
    return reverse("accounts:invite_provider", kwargs={"organisation": organisation.slug})


def invite_provider(client, organisation, **answers):
    return client.post(
        provider_url(organisation),
        {"provider_name": "Young Carers", "email": "chair@carers.example", **answers},
    )


def accept_as(client, organisation, user):
    """Open the newest invitation of the organisation as ``user``, with a token of the test's own."""
    with tenancy.scope(organisation):
        newest = Invitation.objects.first()
        Invitation.objects.filter(pk=newest.pk).update(token_hash=hash_of(INVITATION_TOKEN))
    return sign_in(client, user)


def test_provider_joins_the_register_when_it_accepts(client, organisation, lead):
    invite_provider(sign_in(client, lead), organisation)
    assert not Organisation.objects.voluntary_providers().exists()
    chair = UserFactory(email="chair@carers.example")

    accept_as(client, organisation, chair).post(LINK, {"post": "Chair"})

    provider = Organisation.objects.voluntary_providers().get()
    assert (provider.name, provider.slug, provider.code) == ("Young Carers", "young-carers", None)
    assert provider.region == organisation.region
    assert memberships(chair) == [(provider, Role.LEAD)]


def test_provider_of_a_like_name_is_offered(client, organisation, lead):
    known = VoluntaryProviderFactory(name="Young Carers Trafford")

    response = invite_provider(sign_in(client, lead), organisation)
    assert [slug for slug, _ in response.context["form"].fields["which"].choices] == [known.slug, "new"]
    with tenancy.scope(organisation):
        assert not Invitation.objects.exists()

    invite_provider(client, organisation, which=known.slug)

    with tenancy.scope(organisation):
        assert Invitation.objects.get().provider == known
    chair = UserFactory(email="chair@carers.example")
    accept_as(client, organisation, chair).post(LINK)
    assert memberships(chair) == [(known, Role.LEAD)]
    assert Organisation.objects.voluntary_providers().count() == 1


def test_provider_that_takes_part_is_not_invited(client, organisation, lead):
    known = MembershipFactory(organisation=VoluntaryProviderFactory(name="Young Carers")).organisation

    response = invite_provider(sign_in(client, lead), organisation, which=known.slug)

    assert response.context["form"].non_field_errors() == [
        "Young Carers takes part already. Name it as the provider in your list of services."
    ]


@pytest.mark.parametrize(("says", "how_many"), [("young-carers", 1), ("", 2)])
def test_provider_that_came_meanwhile_is_asked_about(client, organisation, lead, says, how_many):
    invite_provider(sign_in(client, lead), organisation)
    VoluntaryProviderFactory(name="young carers", slug="young-carers")
    chair = UserFactory(email="chair@carers.example")

    accept_as(client, organisation, chair).post(LINK, {"same_provider": says})

    assert Organisation.objects.voluntary_providers().count() == how_many
    assert [role for _, role in memberships(chair)] == [Role.LEAD]


def test_second_contact_of_a_provider_with_a_lead_is_refused(client, organisation, lead):
    invite_provider(sign_in(client, lead), organisation)
    provider = VoluntaryProviderFactory(name="Young Carers", slug="young-carers")
    MembershipFactory(organisation=provider)
    chair = UserFactory(email="chair@carers.example")

    response = accept_as(client, organisation, chair).post(LINK, {"same_provider": "young-carers"})

    assert "has a mapping lead already" in response.content.decode()
    assert not memberships(chair)


def test_only_commissioners_invite_providers(client):
    trust_lead = MembershipFactory(organisation=NHSTrustFactory())

    response = sign_in(client, trust_lead.user).get(provider_url(trust_lead.organisation))

    assert response.status_code == 404
    with pytest.raises(actions.Refused, match="Only local authorities"):
        actions.invite_provider(
            trust_lead.organisation, provider_name="Young Carers", email="a@b.example", by=trust_lead.user
        )

"""The people of an organisation: seeing them, ending a part, handing the lead over."""

import re

import pytest
from django.urls import reverse

from accounts import actions, tenancy
from accounts.models import AuditEntry, Membership, Message, Role
from tests.factories import InvitationFactory, MembershipFactory, RegistrationFactory, UserFactory
from tests.people import sign_in

pytestmark = pytest.mark.django_db


def url_of(name, membership):
    where = {"organisation": membership.organisation.slug, "membership": membership.pk}
    return reverse(f"accounts:{name}", kwargs=where)


def people_url(organisation):
    return reverse("accounts:people", kwargs={"organisation": organisation.slug})


def without_token(response):
    """The page without the token against forged forms, which is another one each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def role_of(user):
    return [m.role for m in user.memberships.filter(ended_at=None)]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("lead", 200),
        ("director", 200),
        ("contributor", 403),
        ("outsider", 404),
        ("helpdesk", 403),
        ("support_worker", 403),
        ("analyst", 403),
        ("national", 403),
        ("visitor", 302),
    ],
)
def test_people_page_admits_lead_and_director(client, people, organisation, role, status):
    assert sign_in(client, people[role]).get(people_url(organisation)).status_code == status


def test_outsider_finds_the_same_as_where_nothing_is(client, organisation, outsider):
    sign_in(client, outsider)

    foreign = client.get(people_url(organisation))
    missing = client.get("/no-such-place/people/")

    assert (foreign.status_code, without_token(foreign)) == (missing.status_code, without_token(missing))


def test_people_page_shows_only_the_own_organisation(client, organisation, foreign_organisation, lead):
    stranger = MembershipFactory(organisation=foreign_organisation).user
    InvitationFactory(organisation=foreign_organisation, email="secret@barnet.example")
    RegistrationFactory(organisation=foreign_organisation, status="referred")

    response = sign_in(client, lead).get(people_url(organisation))

    assert stranger.name not in response.content.decode()
    assert [m.user for m in response.context["members"]] == [lead]
    assert not response.context["invitations"]
    assert not response.context["registrants"]


@pytest.mark.parametrize("how_many", [1, 3])
def test_people_page_asks_the_database_as_often_for_many(
    client, organisation, lead, how_many, django_assert_max_num_queries
):
    MembershipFactory.create_batch(how_many, organisation=organisation, role=Role.CONTRIBUTOR)
    for number in range(how_many):
        InvitationFactory(
            organisation=organisation, invited_by=lead, email=f"{number}@x.example", token_hash=str(number)
        )
    sign_in(client, lead)

    with django_assert_max_num_queries(24):
        response = client.get(people_url(organisation))

    assert len(response.context["members"]) == how_many + 1


def test_lead_ends_the_part_of_a_contributor(client, organisation, lead, contributor):
    membership = contributor.memberships.get()

    assert sign_in(client, lead).get(url_of("end_membership", membership)).status_code == 200
    assert role_of(contributor) == [Role.CONTRIBUTOR]
    client.post(url_of("end_membership", membership))

    assert role_of(contributor) == []
    with tenancy.scope(organisation):
        assert Message.objects.get().recipient == contributor
        assert AuditEntry.objects.get().what == "membership ended"
    assert sign_in(client, contributor).get(people_url(organisation)).status_code == 404


def test_return_never_loses_its_lead(client, lead):
    membership = lead.memberships.get()

    response = sign_in(client, lead).post(url_of("end_membership", membership), follow=True)

    assert "Hand the lead over first" in response.content.decode()
    assert role_of(lead) == [Role.LEAD]


def test_lead_is_handed_over(client, lead, contributor):
    sign_in(client, lead).post(url_of("hand_over", contributor.memberships.get()))

    assert (role_of(contributor), role_of(lead)) == ([Role.LEAD], [Role.DEPUTY])


def test_lead_is_not_handed_to_the_director(client, lead, director):
    response = sign_in(client, lead).post(url_of("hand_over", director.memberships.get()), follow=True)

    assert "The lead goes to a contributor or a deputy." in response.content.decode()
    assert (role_of(director), role_of(lead)) == ([Role.DIRECTOR], [Role.LEAD])


@pytest.mark.parametrize("name", ["end_membership", "hand_over"])
def test_membership_of_another_organisation_is_not_found(client, organisation, lead, outsider, name):
    where = {"organisation": organisation.slug, "membership": outsider.memberships.get().pk}

    response = sign_in(client, lead).post(reverse(f"accounts:{name}", kwargs=where))

    assert response.status_code == 404
    assert role_of(outsider) == [Role.DIRECTOR]


@pytest.mark.parametrize("name", ["end_membership", "hand_over"])
def test_director_reads_but_does_not_manage(client, director, contributor, name):
    response = sign_in(client, director).post(url_of(name, contributor.memberships.get()))

    assert response.status_code == 403
    assert role_of(contributor) == [Role.CONTRIBUTOR]


def test_ended_membership_cannot_end_again(lead, contributor):
    membership = contributor.memberships.get()
    actions.end_membership(membership, by=lead)

    with pytest.raises(actions.Refused, match="takes no part any more"):
        actions.end_membership(membership, by=lead)


def test_who_has_ended_may_come_back(organisation, lead, contributor):
    actions.end_membership(contributor.memberships.get(), by=lead)
    invitation = InvitationFactory(organisation=organisation, invited_by=lead, email=contributor.email)

    with tenancy.scope(organisation):
        actions.accept(invitation, by=contributor)

    assert Membership.objects.filter(user=contributor).count() == 2
    assert role_of(contributor) == [Role.CONTRIBUTOR]


def test_staff_take_no_part(organisation, lead, helpdesk):
    with pytest.raises(actions.Refused, match="Staff accounts"):
        actions.invite(organisation, email=helpdesk.email, role=Role.DEPUTY, by=lead)


def test_people_of_two_organisations_have_a_role_in_each(organisation, foreign_organisation):
    user = UserFactory()
    MembershipFactory(user=user, organisation=organisation, role=Role.LEAD)
    MembershipFactory(user=user, organisation=foreign_organisation, role=Role.CONTRIBUTOR)

    assert {m.organisation.name: m.role for m in user.active_memberships} == {
        "Trafford": Role.LEAD,
        "Barnet": Role.CONTRIBUTOR,
    }

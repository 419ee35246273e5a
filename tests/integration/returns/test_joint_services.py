"""Joint services: who is asked, what they see of the service, what they answer, and what the lead sees of it."""

import pytest
from django.core import mail
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import tenancy
from accounts.models import AuditEntry, Message, Role
from accounts.tasks import send_message
from mapping.returns import actions
from mapping.returns.models import JointAnswer, JointRequest, ServiceEntry
from mapping.returns.queries.joint import partner_states
from mapping.returns.workflow import WrongStatus
from questionnaires.models import Response
from tests.factories import OrganisationFactory, ServiceEntryFactory
from tests.people import member, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner_lead(foreign_organisation):
    return member(foreign_organisation, Role.LEAD, "Nora Whitby")


def joint_with(*organisations):
    return [{"organisation": one.code, "part": "Their nurses"} for one in organisations]


@pytest.fixture
def joint(listed, foreign_organisation):
    """A service of Trafford that names Barnet as a partner."""
    (entry,) = listed("Night team", joint_with=joint_with(foreign_organisation))
    return entry


def request_of(entry):
    with tenancy.scope(entry.organisation):
        return JointRequest.objects.select_related("partner").get(service_entry=entry)


def answer(entry, by, **said):
    with tenancy.scope(by.active_memberships[0].organisation_id):
        return actions.answer_joint_request(request_of_partner(entry), by=by, **said)


def request_of_partner(entry):
    return JointRequest.objects.get(service_entry=entry.pk)


def messages_of(organisation):
    with tenancy.scope(organisation):
        return list(Message.objects.filter(organisation=organisation))


def states(entry):
    with tenancy.scope(entry.organisation):
        return [(one.name, one.words) for one in partner_states([entry]).get(entry.pk, [])]


def edit(entry, by, **changes):
    with tenancy.scope(entry.organisation):
        entry = ServiceEntry.objects.select_related("annual_return__organisation", "lead_organisation").get(
            pk=entry.pk
        )
        return actions.edit_entry(entry, changes, by=by)


def page_of(organisation, name="joint", **kwargs):
    return reverse(
        f"returns:{name}", kwargs={"organisation": organisation.slug, "collection": "2009-10", **kwargs}
    )


# -- Asking ---------------------------------------------------------------------------------------------------


def test_a_partner_is_told_once_of_all_services_that_are_listed_together(
    listed, partner_lead, foreign_organisation, django_capture_on_commit_callbacks, monkeypatch
):
    monkeypatch.setattr(send_message, "apply_async", lambda args, retry: send_message(*args))
    with django_capture_on_commit_callbacks(execute=True):
        listed("Night team", "Day team", joint_with=joint_with(foreign_organisation))

    (message,) = messages_of(foreign_organisation)
    assert message.recipient == partner_lead
    assert message.subject == "Please confirm 2 joint services"
    assert "- Night team (15 " in message.body
    assert "led by Trafford Council" in message.body
    assert "Their nurses" not in message.body
    assert message.link == "/barnet/returns/2009-10/joint-services/"
    assert [sent.to for sent in mail.outbox] == [[partner_lead.email]]


def test_nobody_is_told_again_when_the_service_changes(joint, lead, partner_lead, foreign_organisation):
    edit(joint, lead, name="Evening team")

    assert [m.subject for m in messages_of(foreign_organisation)] == ["Please confirm a joint service"]
    assert request_of(joint).name == "Evening team"


def test_a_partner_without_lead_is_told_once_somebody_has_registered(joint, foreign_organisation):
    assert states(joint) == [("Barnet", "Not yet asked: nobody has registered")]

    actions.tell_new_leads()
    assert messages_of(foreign_organisation) == []
    member(foreign_organisation, Role.LEAD, "Nora Whitby")
    actions.tell_new_leads()
    actions.tell_new_leads()

    assert [m.subject for m in messages_of(foreign_organisation)] == ["Please confirm a joint service"]
    assert states(joint) == [("Barnet", "Asked, no answer yet")]


def test_partners_are_asked_when_last_years_list_is_carried_forward(
    annual_return, last_return, lead, partner_lead, organisation, foreign_organisation
):
    with tenancy.scope(organisation):
        ServiceEntryFactory(annual_return=last_return, joint_with=joint_with(foreign_organisation))
        (carried,) = actions.carry_list_forward(annual_return, by=lead)

    assert states(carried) == [("Barnet", "Asked, no answer yet")]
    assert [m.subject for m in messages_of(foreign_organisation)] == ["Please confirm a joint service"]


def test_an_organisation_does_not_ask_itself(listed, organisation):
    (entry,) = listed("Night team", joint_with=joint_with(organisation))

    assert states(entry) == []


def test_a_request_is_withdrawn_with_the_partner_and_comes_back_with_its_answer(
    joint, lead, partner_lead, foreign_organisation
):
    answer(joint, partner_lead, takes_part=True, part="Two nurses")

    edit(joint, lead, joint_with=[])
    assert states(joint) == []
    edit(joint, lead, joint_with=joint_with(foreign_organisation))

    assert states(joint) == [("Barnet", "Confirmed: Two nurses")]


def test_a_service_that_was_added_by_mistake_takes_its_request_along(joint, lead, partner_lead, organisation):
    with tenancy.scope(organisation):
        actions.remove_entry(joint, by=lead)

    with tenancy.scope(partner_lead.active_memberships[0].organisation_id):
        assert list(JointRequest.objects.standing()) == []


# -- What the partner sees, and what it does not -----------------------------------------------------------------


def test_a_partner_reads_the_request_and_nothing_else_of_the_service(
    joint, responded, foreign_organisation, partner_lead
):
    responded(joint, cells={"SVC-A05": {"v": "Only Trafford knows this"}})

    with tenancy.scope(foreign_organisation):
        (seen,) = JointRequest.objects.values()
        assert list(ServiceEntry.objects.all()) == []
        assert list(Response.objects.all()) == []

    assert {key: seen[key] for key in ("name", "category")} == {"name": "Night team", "category": "15"}
    assert seen.keys() == {
        "id", "organisation_id", "partner_id", "collection_id", "service_entry_id", "name", "category",
        "lead_organisation_id", "asked_at", "told_at", "withdrawn_at",
    }  # fmt: skip


def test_others_see_neither_request_nor_answer(joint, partner_lead):
    answer(joint, partner_lead, takes_part=False)

    with tenancy.scope(OrganisationFactory()):
        assert (JointRequest.objects.count(), JointAnswer.objects.count()) == (0, 0)


def test_each_side_writes_its_own_row_only(joint, partner_lead, foreign_organisation, organisation):
    answer(joint, partner_lead, takes_part=False)

    with tenancy.scope(foreign_organisation):
        assert JointRequest.objects.update(name="Changed by the partner") == 0
    with tenancy.scope(organisation):
        assert JointAnswer.objects.update(takes_part=True) == 0


def test_nobody_answers_for_another_or_asks_about_a_service_of_another(
    joint, lead, organisation, foreign_organisation
):
    asked, third = request_of(joint), OrganisationFactory()
    refused = pytest.raises(ProgrammingError, match="row-level security")
    fields = {"by": lead, "at": asked.asked_at, "takes_part": True}

    with tenancy.scope(organisation), refused, transaction.atomic():
        JointAnswer.objects.create(organisation=organisation, request=asked, **fields)
    with tenancy.scope(third), refused, transaction.atomic():
        JointAnswer.objects.create(organisation=third, request=asked, **fields)
    with tenancy.scope(third), refused, transaction.atomic():
        JointRequest.objects.create(
            organisation=third,
            partner=foreign_organisation,
            collection=joint.collection,
            service_entry=joint,
            name="Night team",
            category="15",
            lead_organisation=third,
            asked_at=asked.asked_at,
        )


# -- Answering ------------------------------------------------------------------------------------------------


def test_a_lead_confirms_on_the_page_and_changes_the_answer(
    client, joint, partner_lead, foreign_organisation
):
    sign_in(client, partner_lead)
    url = page_of(foreign_organisation, "joint_answer", joint=request_of(joint).pk)

    client.post(url, {"takes_part": "yes", "part": "Two nurses"})
    assert states(joint) == [("Barnet", "Confirmed: Two nurses")]
    client.post(url, {"takes_part": "no", "part": "Two nurses"})

    assert states(joint) == [("Barnet", "Says that it does not take part")]
    with tenancy.scope(foreign_organisation):
        logged = AuditEntry.objects.filter(what="joint service answered").order_by("pk")
        assert [line.detail["takes_part"] for line in logged] == [True, False]


def test_whoever_named_a_partner_is_told_once_that_it_says_no(
    client, joint, lead, organisation, partner_lead, foreign_organisation
):
    answer(joint, partner_lead, takes_part=True)
    assert messages_of(organisation) == []

    for takes_part in (False, True, False):
        answer(joint, partner_lead, takes_part=takes_part)

    (message,) = messages_of(organisation)
    assert message.recipient == lead
    assert message.subject == "Barnet does not take part in Night team"
    assert "Nora Whitby answered for them that they do not take part." in message.body
    assert message.link == page_of(organisation, "service_edit", entry=joint.pk)
    assert sign_in(client, lead).get(message.link).status_code == 200


def test_an_answer_has_to_be_yes_or_no(client, joint, partner_lead, foreign_organisation):
    url = page_of(foreign_organisation, "joint_answer", joint=request_of(joint).pk)

    response = sign_in(client, partner_lead).post(url, {"part": "Two nurses"})

    assert "Say whether your organisation takes part." in response.content.decode()
    assert states(joint) == [("Barnet", "Asked, no answer yet")]


def test_a_withdrawn_request_takes_no_answer(client, joint, lead, partner_lead, foreign_organisation):
    asked = request_of(joint)
    edit(joint, lead, joint_with=[])

    with tenancy.scope(foreign_organisation), pytest.raises(WrongStatus):
        actions.answer_joint_request(asked, takes_part=True, by=partner_lead)
    url = page_of(foreign_organisation, "joint_answer", joint=asked.pk)
    assert sign_in(client, partner_lead).get(url).status_code == 404


def test_after_publication_nothing_is_answered(
    client, joint, partner_lead, foreign_organisation, collection, at
):
    asked, collection.published_on = request_of(joint), collection.entry_closes
    collection.save()
    at(collection.entry_closes)

    with tenancy.scope(foreign_organisation), pytest.raises(WrongStatus):
        actions.answer_joint_request(asked, takes_part=True, by=partner_lead)


# -- Pages ----------------------------------------------------------------------------------------------------


def test_the_list_says_what_waits_and_what_was_answered(client, joint, partner_lead, foreign_organisation):
    sign_in(client, partner_lead)
    before = client.get(page_of(foreign_organisation)).context
    answer(joint, partner_lead, takes_part=True)
    after = client.get(page_of(foreign_organisation)).context

    assert [one.name for one in before["waiting"]] == ["Night team"] and before["answered"] == []
    assert after["waiting"] == [] and [one.name for one in after["answered"]] == ["Night team"]


def test_an_empty_list_says_so(client, partner_lead, foreign_organisation, collection):
    page = sign_in(client, partner_lead).get(page_of(foreign_organisation)).content.decode()

    assert "Nothing to confirm" in page


def test_the_list_takes_as_many_queries_for_three_as_for_one(
    client, listed, partner_lead, foreign_organisation
):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(page_of(foreign_organisation))
        return len(captured)

    sign_in(client, partner_lead)
    listed("One", joint_with=joint_with(foreign_organisation))
    one = queries()
    listed("Two", "Three", joint_with=joint_with(foreign_organisation))

    assert queries() == one


def test_the_overview_of_the_partner_says_what_waits(client, joint, partner_lead, foreign_organisation):
    page = sign_in(client, partner_lead).get(page_of(foreign_organisation, "overview_of")).content.decode()

    assert page_of(foreign_organisation) in page
    assert "1 joint service" in page


def test_the_lead_sees_the_state_beside_the_partner(client, joint, lead, partner_lead, organisation):
    answer(joint, partner_lead, takes_part=False)
    sign_in(client, lead)

    on_list = client.get(page_of(organisation, "services")).content.decode()
    on_form = client.get(page_of(organisation, "service_edit", entry=joint.pk)).content.decode()

    assert "Says that it does not take part" in on_list
    assert "Says that it does not take part" in on_form

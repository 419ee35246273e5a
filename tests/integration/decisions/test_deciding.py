"""The director's decision: who may, what it does, who hears of it."""

import re

import pytest
from django.utils import timezone

from accounts import tenancy
from accounts.models import Message
from mapping.helpdesk import actions as helpdesk_actions
from mapping.returns import actions
from mapping.returns.models import ReturnEvent
from mapping.returns.workflow import WrongStatus
from reports.models import Document
from tests.factories import MembershipFactory, UserFactory
from tests.people import member, sign_in

pytestmark = pytest.mark.django_db

SIGN_OFF, SEND_BACK = {"decision": "sign_off"}, {"decision": "send_back", "note": "Count the waiting again."}


def subjects_of(user):
    with tenancy.scope(*user.organisation_ids):
        return list(Message.objects.filter(recipient=user).order_by("pk").values_list("subject", flat=True))


def shown(response):
    """The page as text, each run of spaces one."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def second_director(this_year):
    user = UserFactory(name="Amir Khan", email="second@trafford.example")
    MembershipFactory(
        user=user, organisation=this_year.organisation, role="director", confirmed_at=timezone.now()
    )
    return user


@pytest.fixture
def submitted(this_year, director):
    """A return whose services part waits for the director."""
    this_year.complete().submit(note="Figures of Sale are firm this year.")
    return this_year


# -- Who --------------------------------------------------------------------------------------------


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
@pytest.mark.parametrize("name", ["sign_off", "explanations"])
def test_leads_and_directors_read_the_summary(client, people, submitted, name, role, status):
    assert sign_in(client, people[role]).get(submitted.url(name, "services")).status_code == status


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("lead", 403),
        ("contributor", 403),
        ("outsider", 404),
        ("helpdesk", 403),
        ("support_worker", 403),
        ("analyst", 403),
        ("national", 403),
        ("visitor", 302),
    ],
)
@pytest.mark.parametrize("decision", [SIGN_OFF, SEND_BACK])
def test_only_the_director_decides(client, people, submitted, role, status, decision):
    response = sign_in(client, people[role]).post(submitted.url("sign_off", "services"), decision)

    assert response.status_code == status
    assert submitted.part().decision == "submitted"


def test_lead_sees_no_box(client, lead, director, submitted):
    lead_page = sign_in(client, lead).get(submitted.url("sign_off", "services")).content.decode()
    director_page = sign_in(client, director).get(submitted.url("sign_off", "services")).content.decode()

    assert "Confirm my decision" in director_page
    assert "Confirm my decision" not in lead_page


def test_no_choice_is_made_beforehand(client, director, submitted):
    page = sign_in(client, director).get(submitted.url("sign_off", "services")).content.decode()

    assert page.count('name="decision"') == 2
    assert " checked" not in page


# -- What it does -----------------------------------------------------------------------------------


def test_sign_off_is_told_to_leads_and_confirmed(client, lead, director, submitted, mailoutbox):
    deputy = member(submitted.organisation, "deputy", "Samuel Reed")

    response = sign_in(client, director).post(
        submitted.url("sign_off", "services"), {**SIGN_OFF, "note": "Thank you."}, follow=True
    )

    assert submitted.part().decision == "signed_off"
    assert "You have signed off the services part. Ruth Ashworth has been told" in shown(response)
    told = "Trafford: the services part of 2009/10 is signed off"
    assert subjects_of(lead) == [told]
    assert subjects_of(deputy) == [told]
    assert subjects_of(director)[-1] == "Trafford: you signed off the services part of 2009/10"
    with tenancy.scope(submitted.organisation):
        assert "“Thank you.”" in Message.objects.get(recipient=lead).body


def test_another_director_hears_of_the_sign_off(client, director, submitted):
    other = second_director(submitted)

    sign_in(client, director).post(submitted.url("sign_off", "services"), SIGN_OFF)

    assert subjects_of(other) == ["Trafford: the services part of 2009/10 is signed off"]


def test_sending_back_opens_the_answers_and_quotes_the_note(client, lead, director, submitted):
    response = sign_in(client, director).post(submitted.url("sign_off", "services"), SEND_BACK, follow=True)

    assert submitted.part().decision == "sent_back"
    assert submitted.part().takes_answers
    assert "The services part has gone back." in shown(response)
    assert subjects_of(lead) == ["Trafford: the services part of 2009/10 was sent back"]
    with tenancy.scope(submitted.organisation):
        message = Message.objects.get(recipient=lead)
    assert "“Count the waiting again.”" in message.body
    assert message.link == submitted.url("check")


@pytest.mark.parametrize("note", ["", "   "])
def test_sending_back_needs_a_note(client, director, submitted, note):
    response = sign_in(client, director).post(
        submitted.url("sign_off", "services"), {"decision": "send_back", "note": note}
    )

    assert response.context["form"].errors == {
        "note": ["Tell Ruth Ashworth what to change, so that the part can come back to you."]
    }
    assert 'value="send_back" checked' in response.content.decode()
    assert submitted.part().decision == "submitted"


def test_nothing_chosen_is_asked_again(client, director, submitted):
    response = sign_in(client, director).post(submitted.url("sign_off", "services"), {"note": "Good."})

    assert "Choose whether you sign the part off or send it back." in shown(response)
    assert submitted.part().decision == "submitted"


def test_second_decision_says_who_was_first(client, director, submitted):
    other = second_director(submitted)
    sign_in(client, director).get(submitted.url("sign_off", "services"))
    with tenancy.scope(submitted.organisation):
        actions.send_back(submitted.part(), by=other, note="Too many vacancies.")

    response = client.post(submitted.url("sign_off", "services"), SIGN_OFF, follow=True)

    assert submitted.part().decision == "sent_back"
    assert "Your decision was not taken. The part was sent back by Amir Khan in the meantime." in shown(
        response
    )
    assert len(subjects_of(director)) == 2  # submitted, and sent back by the other


def test_reopening_is_told_to_leads_and_director(submitted, lead, director, helpdesk):
    with tenancy.scope(submitted.organisation):
        actions.sign_off(submitted.part(), by=director)

    helpdesk_actions.reopen(submitted.organisation, "services", reason="Counted twice.", by=helpdesk)

    reopened = "Trafford: the services part of 2009/10 is open again"
    assert subjects_of(lead)[-1] == reopened
    assert subjects_of(director)[-1] == reopened
    with tenancy.scope(submitted.organisation):
        message = Message.objects.get(recipient=director, subject=reopened)
    assert "Tom Bradley of the helpdesk reopened it" in message.body
    assert "“Counted twice.”" in message.body
    assert "until 28 February 2010" in message.body


def test_nothing_is_told_where_the_decision_fails(submitted, director, lead):
    with tenancy.scope(submitted.organisation), pytest.raises(WrongStatus):
        actions.reopen(submitted.part(), by=director, note="It is not signed off yet.")

    assert subjects_of(lead) == []


def test_mail_goes_out_with_the_message(
    client, director, submitted, settings, mailoutbox, django_capture_on_commit_callbacks
):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    settings.RETURN_EVENT_TASKS = []  # what else follows from a sign-off is not meant here

    with django_capture_on_commit_callbacks(execute=True):
        sign_in(client, director).post(submitted.url("sign_off", "services"), SIGN_OFF)

    confirmation = next(mail for mail in mailoutbox if mail.to == [director.email])
    assert confirmation.subject == "Trafford: you signed off the services part of 2009/10"
    assert f"http://localhost:8000{submitted.url('sign_off', 'services')}" in confirmation.body


# -- Afterwards -------------------------------------------------------------------------------------


def test_profile_waits_for_the_other_parts(client, director, submitted):
    page = sign_in(client, director)

    response = page.post(submitted.url("sign_off", "services"), SIGN_OFF, follow=True)

    assert "The profile is made as soon as the other parts are signed off too." in shown(response)


@pytest.fixture
def signed_off(submitted, director):
    """Everything that is owed is signed off."""
    submitted.submit("organisation")
    with tenancy.scope(submitted.organisation):
        for kind in ("services", "organisation"):
            actions.sign_off(submitted.part(kind), by=director)
    return submitted


def test_profile_is_being_made_after_the_last_part(client, director, signed_off):
    response = sign_in(client, director).get(signed_off.url("sign_off", "services"))

    assert "Your profile is being made" in shown(response)
    assert '<meta http-equiv="refresh" content="10">' in response.content.decode()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("making", "Your profile is being made"),
        ("made", "Your profile is made."),
        ("failed", "It could not be made just now"),
    ],
)
def test_page_tells_how_far_the_profile_is(client, director, signed_off, status, words):
    with tenancy.scope(signed_off.organisation):
        Document.objects.create(
            organisation=signed_off.organisation,
            collection=signed_off.collection,
            kind="local_authority_profile",
            status=status,
        )

    assert words in shown(sign_in(client, director).get(signed_off.url("sign_off", "services")))


# -- History ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("lead", 200),
        ("director", 200),
        ("helpdesk", 200),
        ("national", 200),
        ("contributor", 403),
        ("support_worker", 403),
        ("analyst", 403),
        ("outsider", 404),
        ("visitor", 302),
    ],
)
def test_history_is_read_by(client, people, submitted, role, status):
    assert sign_in(client, people[role]).get(submitted.url("decisions", "services")).status_code == status


def test_history_tells_every_decision_with_its_note(client, lead, director, submitted):
    with tenancy.scope(submitted.organisation):
        actions.send_back(submitted.part(), by=director, note="Count again.")
    submitted.submit(note="Counted again.")

    response = sign_in(client, lead).get(submitted.url("decisions", "services"))

    events = [(event.kind, event.by.name, event.note) for event in response.context["events"]]
    assert events == [
        ("submitted", "Ruth Ashworth", "Counted again."),
        ("sent_back", "Helen Marsden", "Count again."),
        ("submitted", "Ruth Ashworth", "Figures of Sale are firm this year."),
        ("list_confirmed", "Ruth Ashworth", ""),
    ]


def test_history_of_one_part_holds_nothing_of_another(client, lead, submitted):
    response = sign_in(client, lead).get(submitted.url("decisions", "organisation"))

    assert response.context["events"] == []


def test_back_load_tells_nobody(this_year, lead, director):
    with tenancy.scope(this_year.organisation):
        actions.record_event(
            this_year.annual_return, ReturnEvent.Kind.BACK_LOADED, by=director, part=this_year.part()
        )

    assert subjects_of(lead) == []

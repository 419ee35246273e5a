"""Messages: told once, mailed once, tried again, and read by nobody else."""

import threading
import time
from datetime import datetime, timedelta
from smtplib import SMTPException

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts import actions, tenancy
from accounts.actions.messages import WAITS
from accounts.models import Message, User
from accounts.tasks import send_message, send_waiting_messages
from tests.factories import MessageFactory, UserFactory
from tests.people import sign_in

pytestmark = pytest.mark.django_db

MailStatus = Message.MailStatus


def told(organisation):
    with tenancy.scope(organisation):
        return list(Message.objects.order_by("pk"))


def send(message):
    send_message(message.organisation_id, message.pk)


@pytest.fixture
def message(organisation, lead):
    return MessageFactory(organisation=organisation, recipient=lead)


@pytest.fixture
def mail_server_down(monkeypatch):
    """Sending fails until ``mail_server_down.undo()``."""

    def fail(mail):
        raise SMTPException("try again later")

    monkeypatch.setattr(EmailMessage, "send", fail)
    return monkeypatch


# -- Telling ---------------------------------------------------------------------------------------


def test_tell_writes_a_row_for_users_and_bare_addresses(organisation, lead):
    actions.tell(
        organisation, [lead, "chair@carers.example", lead], "Sent\nback", "Look again.", "/trafford/"
    )

    assert [(m.recipient, m.email, m.subject) for m in told(organisation)] == [
        (lead, "lead@trafford.example", "Sent back"),
        (None, "chair@carers.example", "Sent back"),
    ]


def test_tell_says_a_key_once_to_each(organisation, lead, director):
    actions.tell(organisation, [lead], "Signed off", "It is.", key="event-1")
    actions.tell(organisation, [lead, director], "Signed off", "It is.", key="event-1")

    assert [m.recipient for m in told(organisation)] == [lead, director]


def test_tell_leaves_out_who_cannot_read(organisation):
    system = User.objects.create_user("system@mapping.example", name="Back-load", is_system=True)
    closed = UserFactory(is_active=False)

    assert actions.tell(organisation, [system, closed], "Signed off", "It is.") == []


def test_tell_works_while_staff_read(organisation, lead):
    with tenancy.staff_reading("test"):
        actions.tell(organisation, [lead], "Reopened", "It is.")

    assert len(told(organisation)) == 1


def test_message_of_a_transaction_that_fails_is_never_sent(organisation, lead, mailoutbox, settings):
    settings.CELERY_TASK_ALWAYS_EAGER = True

    with pytest.raises(ZeroDivisionError), tenancy.scope(organisation):
        actions.tell(organisation, [lead], "Signed off", "It is.")
        raise ZeroDivisionError

    assert mailoutbox == []


# -- Mailing ---------------------------------------------------------------------------------------


def test_mail_carries_text_link_and_who_we_are(message, mailoutbox, settings):
    settings.SITE_URL = "https://mapping.example"
    with tenancy.scope(message.organisation):
        Message.objects.update(link="/trafford/", body="Smith & Sons <signed off>")

    send(message)

    (mail,) = mailoutbox
    assert mail.subject == "Something happened"
    assert mail.body.startswith("Smith & Sons <signed off>\n\nhttps://mapping.example/trafford/\n")
    assert settings.SITE_NAME in mail.body
    assert [m.mail_status for m in told(message.organisation)] == [MailStatus.SENT]


def test_mail_goes_once_however_often_it_is_asked_for(message, mailoutbox):
    send(message)
    send(message)
    send_waiting_messages()

    assert len(mailoutbox) == 1


def test_sweep_sends_what_lost_its_job(message, mailoutbox):
    send_waiting_messages()

    assert [mail.to for mail in mailoutbox] == [["lead@trafford.example"]]


def test_failed_mail_is_tried_again_with_the_same_id(message, mailoutbox, mail_server_down, at):
    send(message)
    assert [(m.mail_status, m.mail_attempts) for m in told(message.organisation)] == [(MailStatus.FAILED, 1)]
    mail_server_down.undo()
    send_waiting_messages()
    assert mailoutbox == []  # not at once

    at(datetime.fromtimestamp(message.created_at.timestamp(), tz=timezone.get_current_timezone()) + WAITS[1])
    send_waiting_messages()

    assert [mail.extra_headers["Message-ID"] for mail in mailoutbox] == [f"<message-{message.pk}@localhost>"]


def test_mail_is_given_up_after_five_more_attempts(message, mail_server_down, at):
    for wait in WAITS:
        at(message.created_at + wait + timedelta(seconds=1))
        send_waiting_messages()
    send_waiting_messages()

    assert [(m.mail_status, m.mail_attempts) for m in told(message.organisation)] == [
        (MailStatus.GIVEN_UP, 6)
    ]


@pytest.mark.django_db(transaction=True)
def test_worker_sends_what_an_action_tells(worker, organisation, lead, settings, tmp_path):
    actions.tell(organisation, [lead], "Signed off", "All parts are signed off.", "/trafford/")

    deadline = timedelta(seconds=30)
    assert wait_until(lambda: told(organisation)[0].mail_status == MailStatus.SENT, deadline)
    (file,) = settings.MAIL_DIR.iterdir()
    assert "All parts are signed off." in file.read_text()


def wait_until(condition, deadline):
    end = time.monotonic() + deadline.total_seconds()
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


# -- Reading ---------------------------------------------------------------------------------------


def test_messages_page_shows_own_messages_only(client, message, director):
    MessageFactory(organisation=message.organisation, recipient=director, subject="For the director")

    response = sign_in(client, message.recipient).get(reverse("accounts:messages"))

    assert list(response.context["page"]) == [message]
    assert response.context["unread"] == 1
    assert response.context["message_count"] == 1


def test_opening_a_message_marks_it_read_and_goes_there(client, message):
    with tenancy.scope(message.organisation):
        Message.objects.update(link="/trafford/")
    url = reverse("accounts:message_open", kwargs={"message": message.pk})

    response = sign_in(client, message.recipient).post(url)

    assert response.url == "/trafford/"
    assert told(message.organisation)[0].read_at


@pytest.mark.parametrize("method", ["get", "post"])
def test_message_of_somebody_else_cannot_be_opened(client, message, director, method):
    url = reverse("accounts:message_open", kwargs={"message": message.pk})

    response = getattr(sign_in(client, director), method)(url)

    assert response.status_code == {"get": 405, "post": 404}[method]
    assert told(message.organisation)[0].read_at is None


def test_all_messages_are_marked_read_at_once(client, message):
    sign_in(client, message.recipient).post(reverse("accounts:messages_read"))

    assert told(message.organisation)[0].read_at


def test_messages_stay_with_the_organisation_that_one_has_left(client, message, lead):
    lead.memberships.update(ended_at=timezone.now())

    response = sign_in(client, lead).get(reverse("accounts:messages"))

    assert list(response.context["page"]) == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_mail_once(message, mailoutbox, monkeypatch):
    both_started = threading.Barrier(2, timeout=10)
    send_mail = EmailMessage.send

    def send_slowly(mail):
        time.sleep(0.3)  # the row is held meanwhile
        return send_mail(mail)

    def work():
        both_started.wait()
        try:
            send(message)
        finally:
            connection.close()

    monkeypatch.setattr(EmailMessage, "send", send_slowly)
    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(mailoutbox) == 1

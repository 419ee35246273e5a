"""Telling people what happened: a row on their messages page, and a mail that is sent from that row."""

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts import emails, tenancy
from accounts.models import Invitation, Message, hash_of
from accounts.tasks import send_message

log = logging.getLogger(__name__)

# How long after it was written a mail is tried again, by how often it has been tried; then it is given up.
WAITS = [timedelta(0), *(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))]
A_SWEEP = 200


def tell(organisation, recipients, subject, body, link="", key=""):
    """Tell people something about ``organisation``, and return their Messages.

    recipients: users or bare e-mail addresses. link: an address of this site, beginning with a slash.
    key: says what it is about; nobody is told the same key of an organisation twice.
    Opens the organisation's scope itself, since it is also called while staff read.
    """
    with tenancy.scope(organisation):
        written = [
            write_message(organisation, recipient, subject, body, link=link, key=key)
            for recipient in _each_once(recipients)
        ]
    return [message for message, is_new in written]


def _each_once(recipients):
    """Those who can be told, by address: system accounts and closed ones have no one to read."""
    found = {}
    for recipient in recipients:
        address = getattr(recipient, "email", recipient)
        if getattr(recipient, "is_active", True) and not getattr(recipient, "is_system", False):
            found.setdefault(address.lower(), recipient)
    return found.values()


def write_message(organisation, recipient, subject, body, *, link="", key="", invitation=None):
    """(the Message, whether it is new); a new one goes out by mail once the transaction has committed."""
    user = None if isinstance(recipient, str) else recipient
    fields = {
        "recipient": user,
        "subject": " ".join(subject.split())[:200],
        "body": body,
        "link": link,
        "invitation": invitation,
    }
    address = (user.email if user else recipient).lower()
    if key:
        message, is_new = Message.objects.get_or_create(
            organisation=organisation, email=address, key=key, defaults=fields
        )
    else:
        message = Message.objects.create(organisation=organisation, email=address, **fields)
        is_new = True
    if is_new:
        transaction.on_commit(lambda: queue(organisation.pk, message.pk))
    return message, is_new


def queue(organisation_id, message_id):
    """Ask a worker to send it now; while the broker is down the message waits for the sweep."""
    try:
        send_message.apply_async(args=[organisation_id, message_id], retry=False)
    except OperationalError:
        log.warning("message %s waits: the broker is down", message_id)


def messages_due():
    """(organisation id, message id) of mails that wait to be sent or tried again, the oldest first."""
    due = Q(pk=None)
    for attempts, wait in enumerate(WAITS):
        due |= Q(mail_attempts=attempts, created_at__lte=timezone.now() - wait)
    with tenancy.staff_reading("sweep of messages that wait"):
        waiting = Message.objects.filter(due, mail_status__in=_UNSENT).order_by("created_at")
        return list(waiting.values_list("organisation_id", "pk")[:A_SWEEP])


_UNSENT = [Message.MailStatus.WAITING, Message.MailStatus.FAILED]


@transaction.atomic
def deliver_message(message_id):
    """Send the mail of one message, unless it is sent or another worker has it in hand.

    The row is held while the mail goes out, so no two workers send it. Should the machine fail between
    the mail server's yes and the commit, the next attempt carries the same Message-ID and counts as the same.
    """
    waiting = Message.objects.filter(pk=message_id, mail_status__in=_UNSENT)
    message = waiting.select_for_update(skip_locked=True).first()
    if message is None:
        return
    message.mail_attempts += 1
    try:
        emails.send(message, _link_of(message))
    except (SMTPException, OSError) as problem:
        log.warning("mail of message %s failed: %s", message.pk, problem)
        tried_enough = message.mail_attempts >= len(WAITS)
        message.mail_status = Message.MailStatus.GIVEN_UP if tried_enough else Message.MailStatus.FAILED
    else:
        message.mail_status, message.mailed_at = Message.MailStatus.SENT, timezone.now()
    message.save(update_fields=["mail_attempts", "mail_status", "mailed_at"])


def _link_of(message):
    """The link of a mail. That of an invitation gets its token here: only its hash is kept, so an older
    mail of the same invitation no longer opens it."""
    if message.invitation_id is None:
        return message.link
    token = Invitation.new_token()
    Invitation.objects.filter(pk=message.invitation_id).update(token_hash=hash_of(token))
    return f"/invitation/{token}/"


def mark_read(messages):
    """Note that the person has read these messages."""
    messages.filter(read_at=None).update(read_at=timezone.now())

"""Background jobs about people."""

from celery import shared_task


@shared_task(name="accounts.send_message")
def send_message(organisation_id, message_id):
    """Send the mail of one message; does nothing where it has been sent."""
    from accounts import tenancy
    from accounts.actions import deliver_message

    with tenancy.scope(organisation_id):
        deliver_message(message_id)


@shared_task(name="accounts.send_waiting_messages")
def send_waiting_messages():
    """Send what waits: messages whose job was lost with the broker, and mails to be tried again."""
    from accounts.actions import messages_due

    for organisation_id, message_id in messages_due():
        send_message(organisation_id, message_id)

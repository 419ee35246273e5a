"""What people are told about decisions, one function a message: subject, body and link for ``tell``."""

from django.conf import settings
from django.template import Context
from django.template.loader import get_template

from mapping.returns.addresses import page


def submitted(event):
    """To the directors: a part waits for their decision."""
    return _about_part("submitted", event, "reports:sign_off")


def sent_back(event):
    """To the leads: what the director wants changed, and until when it can be."""
    return _letter(
        "sent_back", event, page("reports:check", event.annual_return), closes_on=event.part.closes_on
    )


def signed_off(event):
    """To the leads, and to directors who did not sign it themselves."""
    return _about_part("signed_off", event, "reports:sign_off")


def confirmation(event):
    """To the director who has signed it off."""
    return _about_part("confirmation", event, "reports:sign_off")


def reopened(event):
    """To leads and directors: the helpdesk has opened the part again, and why."""
    return _letter(
        "reopened", event, page("reports:check", event.annual_return), closes_on=event.part.closes_on
    )


def declined(event):
    """To leads and directors: the organisation takes no part."""
    return _letter("declined", event, page("returns:overview_of", event.annual_return))


def joined_again(event):
    return _letter("joined_again", event, page("returns:overview_of", event.annual_return))


def extended(event):
    """To the leads: how long they may enter data now."""
    return _letter("extended", event, page("returns:overview_of", event.annual_return))


def _about_part(name, event, address):
    return _letter(name, event, page(address, event.annual_return, kind=event.part.kind))


def _letter(name, event, link, **context):
    """Subject, body and link; the first line of the template is the subject. Nothing is escaped: it is no HTML."""
    context |= {
        "event": event,
        "organisation": event.annual_return.organisation,
        "collection": event.annual_return.collection,
        "part": event.part.get_kind_display().lower() if event.part else "",
        "annual_return": event.annual_return,
        "helpdesk": settings.HELPDESK,
    }
    text = get_template(f"reports/emails/{name}.txt").template.render(Context(context, autoescape=False))
    subject, _, body = text.partition("\n")
    return {"subject": subject.strip(), "body": body.strip(), "link": link}

"""What people are told, one function a message: each gives subject, body and link for ``actions.tell``."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse


def send(message, link):
    """Send the mail of a Message now; raises SMTPException or OSError where it cannot be handed over."""
    host = settings.SITE_URL.partition("://")[2].partition(":")[0].strip("/")
    EmailMessage(
        subject=message.subject,
        body=_mail(message.body, link),
        to=[message.email],
        headers={"Message-ID": f"<message-{message.pk}@{host}>"},
    ).send()


def send_request_answer(request):
    """Mail the answer to a request for an organisation that is in no register, so in nobody's messages."""
    letter = _letter("request_declined", link=reverse("accounts:you"), request=request)
    body = _mail(letter["body"], letter["link"])
    EmailMessage(subject=letter["subject"], body=body, to=[request.user.email]).send()


def registration_approved(registration):
    return _letter("registration_approved", _overview(registration.organisation), registration=registration)


def registration_declined(registration):
    return _letter("registration_declined", reverse("accounts:register"), registration=registration)


def registration_referred(registration, lead):
    """To the second person who registered: who leads already."""
    return _letter("registration_referred", reverse("accounts:you"), registration=registration, lead=lead)


def lead_asked(registration):
    """To the lead: somebody else has registered for the organisation, and could be invited."""
    return _letter("lead_asked", _people(registration.organisation), registration=registration)


def invitation(invitation):
    """The link is made as the mail goes out."""
    name = "provider_invitation" if invitation.is_of_provider else "invitation"
    return _letter(name, "", invitation=invitation, helpdesk=settings.HELPDESK)


def invitation_accepted(invitation, membership):
    link = _people(invitation.organisation)
    return _letter("invitation_accepted", link, invitation=invitation, membership=membership)


def director_confirmed(membership):
    return _letter("director_confirmed", _overview(membership.organisation), membership=membership)


def director_declined(membership, reason):
    link = _people(membership.organisation)
    return _letter("director_declined", link, membership=membership, reason=reason)


def membership_ended(membership, by):
    return _letter("membership_ended", reverse("accounts:you"), membership=membership, by=by)


def lead_handed_over(membership, by):
    link = _overview(membership.organisation)
    return _letter("lead_handed_over", link, membership=membership, by=by)


def _overview(organisation):
    return f"/{organisation.slug}/"


def _people(organisation):
    return reverse("accounts:people", kwargs={"organisation": organisation.slug})


def _letter(name, link="", **context):
    """Subject, body and link; the first line of the template is the subject."""
    subject, _, body = _written(name, **context).partition("\n")
    return {"subject": subject.strip(), "body": body.strip(), "link": link}


def _mail(body, link):
    """The text of a mail: what is said, the whole address of the link, and who we are."""
    return _written(
        "mail",
        body=body,
        link=settings.SITE_URL.rstrip("/") + link if link else "",
        helpdesk=settings.HELPDESK,
    )


def _written(name, **context):
    """A template of ``accounts/emails/`` as plain text: nothing is escaped, since nothing is HTML."""
    template = get_template(f"accounts/emails/{name}.txt").template
    ours = {"site_name": settings.SITE_NAME, "demonstration": settings.DEMONSTRATION}
    return template.render(Context({**ours, **context}, autoescape=False))

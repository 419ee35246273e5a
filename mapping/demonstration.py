"""Pages that only the demonstration has: who can sign in, and the mails that were sent."""

from datetime import datetime
from email import message_from_bytes, policy

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from accounts.access import public_page
from accounts.demonstration import demo_people
from accounts.models import Organisation, Region

MAILS_SHOWN = 100
_END_OF_MAIL = b"-" * 79


@public_page
def sign_ins(request):
    """The accounts of the demonstration, with passwords and the codes that count at this moment."""
    if not settings.DEMONSTRATION:
        raise Http404("no demonstration")
    accounts = [(person, _belongs_to(person)) for person in demo_people()]
    return render(request, "demonstration/sign_ins.html", {"accounts": accounts})


def _belongs_to(person):
    """The name of the organisation or region that an account's line names by its slug."""
    register = Region if person.staff_role else Organisation
    return register.objects.filter(slug=person.organisation).values_list("name", flat=True).first()


@public_page
def mails(request):
    """Mails that were sent, the newest first; with ``?mail=`` one of them as text."""
    if not settings.DEMONSTRATION or not settings.MAIL_DIR:
        raise Http404("no demonstration")
    sent = sorted(_mails(), key=lambda mail: mail["at"], reverse=True)[:MAILS_SHOWN]
    chosen = request.GET.get("mail")
    shown = next((mail for mail in sent if mail["id"] == chosen), None)
    if chosen and not shown:
        raise Http404("no such mail")
    return render(request, "demonstration/mails.html", {"mails": sent, "shown": shown})


def _mails():
    """Every mail in the folder: id, at, to, subject, text. A file holds those of one connection."""
    if not settings.MAIL_DIR.is_dir():
        return
    for path in settings.MAIL_DIR.glob("*.log"):
        written = timezone.make_aware(datetime.fromtimestamp(path.stat().st_mtime))
        for number, raw in enumerate(path.read_bytes().split(_END_OF_MAIL)):
            if raw.strip():
                mail = message_from_bytes(raw.lstrip(), policy=policy.default)
                yield {
                    "id": f"{path.stem}-{number}",
                    "at": written,
                    "to": mail["To"],
                    "subject": mail["Subject"],
                    "text": _text(mail),
                }


def _text(mail):
    """The plain text of a mail; nothing else of it is ever shown."""
    body = mail.get_body(preferencelist=("plain",))
    return body.get_content() if body else ""

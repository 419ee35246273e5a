"""Proof that the running demonstration works: a page answers, and a worker makes a document."""

import time
import urllib.error
import urllib.request

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts import tenancy
from accounts.models import Membership, OrganisationKind
from mapping.returns.models import AnnualReturn, Collection
from reports.documents import actions, store
from reports.models import Document

A_LOOK = 0.5  # seconds between two looks


class Command(BaseCommand):
    help = "Ask the running site for a page and a worker for a draft profile, and wait until both are good."

    def add_arguments(self, parser):
        parser.add_argument("--timeout", type=float, default=120, metavar="SECONDS")
        parser.add_argument("--no-web", action="store_true", help="Leave the web out: no server runs")

    def handle(self, *, timeout, no_web, **options):
        if not no_web:
            self.stdout.write(f"The site answers at {settings.SITE_URL}: {page_of(settings.SITE_URL)}")
        lead, collection = someone_who_may_ask()
        with tenancy.scope(lead.organisation):
            document = actions.ask_for_profile(lead.organisation, collection, by=lead.user)
        self.stdout.write(f"Asked for: {document}")
        made = wait_for(document, timeout)
        self.stdout.write(f"A worker made it: {made.size:,} bytes, SHA-256 {made.sha256[:16]}")


def page_of(address):
    """The status of the site's home page; raises CommandError where it is not good."""
    if not address.startswith(("http://", "https://")):
        raise CommandError(f"SITE_URL is {address}, which is not an address of the web.")
    try:
        with urllib.request.urlopen(address, timeout=20) as response:  # noqa: S310 - the scheme is checked above
            return response.status
    except (urllib.error.URLError, TimeoutError) as error:
        raise CommandError(f"The site does not answer at {address}: {error}") from error


def someone_who_may_ask():
    """(membership of a lead, collection) of an authority with a return that has begun; raises CommandError."""
    collection = Collection.objects.current()
    leads = Membership.objects.leads().filter(organisation__kind=OrganisationKind.LOCAL_AUTHORITY)
    for lead in leads.select_related("user", "organisation").order_by("organisation__name", "pk"):
        with tenancy.scope(lead.organisation):
            if AnnualReturn.objects.filter(organisation=lead.organisation, collection=collection).exists():
                return lead, collection
    raise CommandError("No authority with a mapping lead has a return: load_demo makes some.")


def wait_for(document, timeout):
    """The Document once a worker has made a PDF of it; raises CommandError with the reason where it does not."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        with tenancy.scope(document.organisation_id):
            found = Document.objects.get(pk=document.pk)
        if found.status == Document.Status.FAILED:
            raise CommandError(f"The document was not made: {found.failure}")
        if found.status == Document.Status.MADE:
            return with_pdf(found)
        time.sleep(A_LOOK)
    raise CommandError(
        f"After {timeout:.0f} seconds the document is still {found.get_status_display().lower()}: does a worker run?"
    )


def with_pdf(document):
    content = store.read(document.file)
    if not content.startswith(b"%PDF-") or len(content) != document.size:
        raise CommandError("What the worker made is not a PDF.")
    return document

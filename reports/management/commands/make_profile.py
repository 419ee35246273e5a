"""A profile as a PDF file, without the queue; ``docs/reference/commands.md`` describes the command."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Organisation
from mapping.core import clock
from mapping.returns.models import Collection
from reports.profiles.local_authority import profile_document
from reports.profiles.render import RenderError, render_pdf
from reports.profiles.sources import NotOnRegister


class Command(BaseCommand):
    help = "Write the profile of an authority as PDF: what is signed off, or with --draft the answers of now."

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=["local-authority"])
        parser.add_argument("code", metavar="CODE", help="GSS code of the authority, such as E08000009")
        parser.add_argument("--collection", required=True, metavar="2009/10")
        parser.add_argument("--output", type=Path, required=True, metavar="FILE")
        parser.add_argument("--draft", action="store_true", help="Current answers, marked as provisional")

    def handle(self, *, code, collection, output, draft, **options):
        authority = authority_named(code)
        found = collection_named(collection)
        try:
            document = profile_document(
                authority, found, moment=timezone.now(), is_draft=draft, day=clock.today()
            )
            content = render_pdf(document)
            output.write_bytes(content)
        except (NotOnRegister, RenderError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{output}: {len(content):,} bytes")


def authority_named(code):
    """The local authority of a code; raises CommandError."""
    authority = Organisation.objects.local_authorities().select_related("region").filter(code=code).first()
    if authority is None:
        raise CommandError(f"{code} is not the code of a local authority. Write it as E08000009.")
    return authority


def collection_named(name):
    """The collection of a name such as 2009/10; raises CommandError."""
    known = {collection.name: collection for collection in Collection.objects.all()}
    if name not in known:
        raise CommandError(f"There is no collection {name}. Write it as 2009/10.")
    return known[name]

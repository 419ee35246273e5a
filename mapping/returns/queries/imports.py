"""What the import of a list compares a file with, and the plan of a file that is kept."""

from mapping.returns.importing.duplicates import ListedService
from mapping.returns.importing.plan import Choice, Same, plan_import
from mapping.returns.models import Collection, ColumnMatch, ServiceImport
from mapping.returns.queries.returns import respondents_of

LISTING = ("description", "address", "postcode", "telephone", "email", "website")


def import_of(user, organisation, collection, pk):
    """A kept file of the organisation's current list, or None."""
    imports = ServiceImport.objects.visible_to(user).select_related("collection", "organisation")
    return imports.filter(organisation=organisation, collection=collection, pk=pk).first()


def listed_services(annual_return):
    """The services on a list as the import compares them."""
    entries = annual_return.service_entries.select_related("service").with_since()
    return [_listed(entry) for entry in entries]


def _listed(entry):
    known = {name: entry.listing.get(name, "") for name in LISTING}
    since = Collection(year=entry.since).name
    return ListedService(entry.reference, entry.name, category=entry.category, since=since, **known)


def remembered_columns(organisation):
    """heading -> field as leads of this organisation have corrected it; an empty field leaves the column out."""
    return dict(ColumnMatch.objects.filter(organisation=organisation).values_list("heading", "field"))


def plan_for(annual_return, content, file_name, *, choices=None):
    """The plan of a file for a return; raises UnreadableFile."""
    return plan_import(
        content,
        file_name,
        existing=listed_services(annual_return),
        remembered=remembered_columns(annual_return.organisation),
        respondents=respondents_of(annual_return.organisation),
        choices=choices,
    )


def plan_of(annual_return, service_import):
    """The plan of a kept file with the choices made so far."""
    choices = {int(number): _choice(kept) for number, kept in service_import.choices.items()}
    return plan_for(annual_return, bytes(service_import.content), service_import.file_name, choices=choices)


def _choice(kept):
    same = kept.get("same")
    return Choice(category=kept.get("category"), add=kept.get("add"), same=Same(same) if same else None)

"""What the import of a list compares a file with, and the plan of a file that is kept."""

from mapping.returns.importing.duplicates import ListedService
from mapping.returns.importing.plan import Choice, Same, plan_import, plan_list
from mapping.returns.importing.rows import read_list
from mapping.returns.importing.suggest import Suggestion
from mapping.returns.models import Collection, ColumnMatch, ServiceImport
from mapping.returns.queries.returns import respondents_of

LISTING = ("description", "address", "postcode", "telephone", "email", "website")
TEXTS_AT_ONCE = 500  # about half a second's work; a job finds the categories of longer lists


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


def plan_for(annual_return, content, file_name):
    """The plan of a file for a return; raises UnreadableFile."""
    remembered = remembered_columns(annual_return.organisation)
    return plan_import(content, file_name, remembered=remembered, **_compared_with(annual_return))


def plan_of(annual_return, service_import):
    """The plan of a kept file with the choices made so far; None while a job has to read it first."""
    listing = file_of(service_import)
    if len(unread_texts(service_import, listing)) > TEXTS_AT_ONCE:
        return None
    found = service_import.suggestions.items()
    return plan_list(
        listing,
        choices=choices_kept(service_import),
        suggestions={key: Suggestion.from_json(kept) for key, kept in found},
        **_compared_with(annual_return),
    )


def _compared_with(annual_return):
    """What a plan depends on beside its file: the list as it stands, and who the organisation is."""
    return {
        "existing": listed_services(annual_return),
        "respondents": respondents_of(annual_return.organisation),
    }


def file_of(service_import):
    """The rows of a kept file, with the columns as leads of the organisation match them now."""
    remembered = remembered_columns(service_import.organisation)
    return read_list(bytes(service_import.content), service_import.file_name, remembered=remembered)


def unread_texts(service_import, listing):
    """Key -> text of those that no category has been looked for yet."""
    return {key: text for key, text in listing.texts().items() if key not in service_import.suggestions}


def choices_kept(service_import):
    """Row number -> Choice, as made on the preview so far."""
    return {int(number): _choice(kept) for number, kept in service_import.choices.items()}


def _choice(kept):
    same = kept.get("same")
    return Choice(category=kept.get("category"), add=kept.get("add"), same=Same(same) if same else None)

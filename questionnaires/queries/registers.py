"""The registers that answers are picked from, kept in the cache for some minutes."""

from dataclasses import replace

from django.core.cache import cache
from django.db.models import Max

from accounts.models import Organisation, OrganisationYear
from mapping.core.names import Named
from mapping.returns.classification import classification
from questionnaires.answer_types import Registers
from questionnaires.queries.reading import key_of

KEPT_SECONDS = 600


def registers_of(response):
    """The Registers for the answers of a response: areas and organisations of its year, options of its category."""
    year, entry = response.part.collection.year, response.service_entry
    known = cache.get_or_set(f"questionnaires.registers.{year}", lambda: _read(year), KEPT_SECONDS)
    options = classification().categories[entry.category].options if entry else {}
    return replace(known, category_options=dict(options))


def _read(year):
    """Authorities by GSS code, and all organisations by code or slug, each with its name."""
    organisations = Organisation.objects.on_register(_register_for(year)).order_by("name")
    areas = {o.code: o.name for o in organisations if o.is_local_authority}
    everybody = list(Organisation.objects.order_by("official_name", "name"))
    return Registers(
        areas=areas,
        organisations={key_of(o): o.full_name for o in everybody},
        called=tuple(
            Named(key_of(o), o.full_name, o.kind, o.code or "", (o.name, o.slug)) for o in everybody
        ),
    )


def _register_for(year):
    """The year of the register for a collection: the last one there is, while its own has not been loaded."""
    return OrganisationYear.objects.filter(year__lte=year).aggregate(last=Max("year"))["last"] or year

"""In which roles an organisation answers in a collection: the one place from which follows what it owes.

The roles are those that definitions name as respondents: LA, NHST, VCS, and for a PCT *PCTC* (commissioner) and
*PCTP* (provider). A PCT is a commissioner unless the register says for that year that it is not. It is a provider if
the register says that it provides child health or mental health services; where the register does not know, its
list decides: one open service of its own is enough. So what it owes follows each change of the list at once.
"""

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When

from accounts.models import Organisation, OrganisationKind, OrganisationYear

POSSIBLE = {
    OrganisationKind.LOCAL_AUTHORITY: ("LA",),
    OrganisationKind.PCT: ("PCTC", "PCTP"),
    OrganisationKind.NHS_TRUST: ("NHST",),
    OrganisationKind.VOLUNTARY: ("VCS",),
}


def possible_roles(organisation):
    """Every role that an organisation of this kind can have in some year, as a list."""
    return list(POSSIBLE[organisation.kind])


def roles_of(organisation, collection):
    """The roles of an organisation in a collection, as a frozenset; one query for a PCT, none for others."""
    if organisation.kind != OrganisationKind.PCT:
        return frozenset(POSSIBLE[organisation.kind])
    rows = Organisation.objects.filter(pk=organisation.pk)
    rows = rows.annotate(roles=roles("kind", organisation=OuterRef("pk"), year=collection.year))
    return frozenset(rows.values_list("roles", flat=True).get())


def roles(kind, *, organisation, year):
    """The roles as an expression of a query, an array of texts.

    kind: the way from a row to its organisation's kind. organisation, year: OuterRef to the organisation and to the
    collection's first year, or the year itself.
    """
    flags = OrganisationYear.objects.filter(organisation=organisation, year=year)
    is_provider = Exists(flags.filter(Q(child_health_provider=True) | Q(camhs_provider=True)))
    is_none = Exists(flags.filter(child_health_provider=False, camhs_provider=False))
    provides = Q(is_provider) | (~Q(is_none) & Q(Exists(own_services(organisation, year))))
    return Case(
        *(When(**{kind: other}, then=_array(POSSIBLE[other])) for other in _OTHERS),
        When(Exists(flags.filter(commissioner=False)), then=_array(["PCTP"])),
        When(provides, then=_array(["PCTC", "PCTP"])),
        default=_array(["PCTC"]),
    )


_OTHERS = [kind for kind in POSSIBLE if kind != OrganisationKind.PCT]


def own_services(organisation, year):
    """Entries of open services on the list of an organisation that it provides itself."""
    entries = apps.get_model("returns", "ServiceEntry").objects.open()
    own = Q(provider=F("organisation")) | Q(provider=None, sector="inhouse")
    return entries.filter(own, organisation=organisation, collection__year=year)


def _array(names):
    return Value(list(names), output_field=ArrayField(CharField(max_length=20)))

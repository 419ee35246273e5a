"""The public registers: which organisations there are, where they are and how they hang together.

Nothing here belongs to one organisation's return, so these tables stand outside row-level security.
A collection year is named by its first year: 2008 stands for 2008/09.
"""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.querysets import (
    EmailDomainQuerySet,
    OrganisationQuerySet,
    PopulationQuerySet,
)


class Region(models.Model):
    """One of the nine Government Office regions."""

    gss_code = models.CharField("GSS code", max_length=9, unique=True)
    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    order = models.PositiveSmallIntegerField(help_text="Place in published tables, north to south")

    class Meta:
        ordering = ["order"]

    def __str__(self):
        return self.name


class StrategicHealthAuthority(models.Model):
    """One of the ten health authorities that oversaw the PCTs; the South East had two."""

    ods_code = models.CharField("ODS code", max_length=3, unique=True)
    gss_code = models.CharField("GSS code", max_length=9, unique=True)
    name = models.CharField(max_length=80, unique=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="strategic_health_authorities")

    class Meta:
        ordering = ["ods_code"]
        verbose_name_plural = "strategic health authorities"

    def __str__(self):
        return self.name


class OrganisationKind(models.TextChoices):
    LOCAL_AUTHORITY = "local_authority", "Local authority"
    PCT = "pct", "Primary care trust"
    NHS_TRUST = "nhs_trust", "NHS trust"
    VOLUNTARY = "voluntary", "Voluntary provider"


class LocalAuthorityType(models.TextChoices):
    UNITARY = "unitary", "Unitary authority"
    METROPOLITAN = "metropolitan", "Metropolitan district"
    LONDON_BOROUGH = "london_borough", "London borough"
    COUNTY = "county", "County council"


class TrustKind(models.TextChoices):
    ACUTE = "acute", "Acute"
    MENTAL_HEALTH = "mental_health", "Mental health"
    COMMUNITY = "community", "Community"


class Organisation(models.Model):
    """A tenant: one that takes part, or could."""

    kind = models.CharField(max_length=20, choices=OrganisationKind)
    name = models.CharField(max_length=120, help_text="Short name, as in lists and tables")
    official_name = models.CharField(max_length=160, blank=True, help_text="Full name, where it differs")
    slug = models.SlugField(max_length=120, unique=True, help_text="Name in addresses; never changed")
    code = models.CharField(
        "GSS or ODS code", max_length=9, unique=True, null=True, blank=True, help_text="None if voluntary"
    )
    other_codes = models.JSONField(
        default=dict, blank=True, help_text="Codes used elsewhere, by kind: dfe, ons_2008, ons_2009, gss_2011"
    )
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="organisations")
    strategic_health_authority = models.ForeignKey(
        StrategicHealthAuthority, models.PROTECT, null=True, blank=True, related_name="organisations"
    )
    la_type = models.CharField(
        "authority type",
        max_length=20,
        choices=LocalAuthorityType,
        blank=True,
        help_text="Of the latest year",
    )
    trust_kind = models.CharField(max_length=20, choices=TrustKind, blank=True)
    trust_speciality = models.CharField(max_length=40, blank=True, help_text="For example children's")
    headquarters_postcode = models.CharField(max_length=8, blank=True)
    headquarters_authority = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="trusts_with_headquarters_here"
    )
    note = models.TextField(blank=True, help_text="What is uncertain or worth knowing about this entry")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["kind", "name"], name="organisation_by_kind")]
        constraints = [
            models.CheckConstraint(
                condition=Q(Q(kind=OrganisationKind.LOCAL_AUTHORITY), ~Q(la_type=""))
                | Q(~Q(kind=OrganisationKind.LOCAL_AUTHORITY), la_type=""),
                name="organisation_authority_has_type",
            ),
            models.CheckConstraint(
                condition=Q(kind=OrganisationKind.VOLUNTARY) | Q(code__isnull=False),
                name="organisation_has_code_unless_voluntary",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def full_name(self):
        return self.official_name or self.name

    @property
    def is_local_authority(self):
        return self.kind == OrganisationKind.LOCAL_AUTHORITY

    @property
    def is_pct(self):
        return self.kind == OrganisationKind.PCT

    @property
    def is_nhs_trust(self):
        return self.kind == OrganisationKind.NHS_TRUST


class OrganisationYear(models.Model):
    """What the register says of an organisation for one collection. A flag of None is not known."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField(help_text="First year of the collection: 2008 is 2008/09")
    on_register = models.BooleanField(help_text="Existed at the census date, so counts in response rates")
    la_type = models.CharField(
        "authority type", max_length=20, choices=LocalAuthorityType, blank=True, help_text="In that year"
    )
    commissioner = models.BooleanField(null=True, blank=True)
    child_health_provider = models.BooleanField("child health and maternity provider", null=True, blank=True)
    camhs_provider = models.BooleanField("CAMHS provider", null=True, blank=True)

    class Meta:
        ordering = ["organisation", "year"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="organisation_year_once")
        ]
        indexes = [models.Index(fields=["year", "on_register"], name="organisation_year_register")]

    def __str__(self):
        return f"{self.organisation} in {self.year}"


class Coverage(models.TextChoices):
    WHOLE = "whole", "All of the authority"
    PART = "part", "Part of the authority"


class PCTCoverage(models.Model):
    """That a PCT covers an authority, or a part of it; no share is known."""

    pct = models.ForeignKey(Organisation, models.CASCADE, related_name="authorities_covered")
    authority = models.ForeignKey(Organisation, models.CASCADE, related_name="pcts_covering")
    coverage = models.CharField(max_length=5, choices=Coverage)
    basis = models.CharField(max_length=120, help_text="Where this was found")

    class Meta:
        ordering = ["authority__name", "pct__name"]
        verbose_name = "PCT coverage"
        verbose_name_plural = "PCT coverage"
        constraints = [models.UniqueConstraint(fields=["pct", "authority"], name="pct_coverage_once")]

    def __str__(self):
        return f"{self.pct} covers {self.get_coverage_display().lower()}: {self.authority}"


class Succession(models.Model):
    """That an organisation took over from another: carries last year's data forward and opens it to read."""

    predecessor = models.ForeignKey(Organisation, models.CASCADE, related_name="successions_from_here")
    successor = models.ForeignKey(Organisation, models.CASCADE, related_name="successions_to_here")
    year = models.PositiveSmallIntegerField(help_text="First collection of the successor: 2009 is 2009/10")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["year", "predecessor__name", "successor__name"]
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(
                condition=~Q(predecessor=models.F("successor")), name="succession_of_another"
            ),
        ]

    def __str__(self):
        return f"{self.successor} from {self.predecessor} ({self.year})"


class Population(models.Model):
    """Residents of an authority in one age band. Bands overlap: never add all of them."""

    authority = models.ForeignKey(Organisation, models.CASCADE, related_name="populations")
    year = models.PositiveSmallIntegerField(help_text="Mid-year (30 June), not a collection")
    age_band = models.CharField(max_length=8, help_text="Completed years, both ends included: 0-17")
    persons = models.PositiveIntegerField()
    source = models.CharField(max_length=60)

    objects = PopulationQuerySet.as_manager()

    class Meta:
        ordering = ["authority", "year", "age_band"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "year", "age_band"], name="population_once")
        ]

    def __str__(self):
        return f"{self.authority}, {self.age_band}, {self.year}: {self.persons}"


class HexagonList(models.TextChoices):
    BOTH = "both", "Both lists"
    BEFORE_2009 = "2008", "Only before April 2009"
    FROM_2009 = "2009", "Only from April 2009"


class Hexagon(models.Model):
    """The cell of an authority on the map of equal hexagons (layout odd-r, rows counted northwards)."""

    authority = models.OneToOneField(Organisation, models.CASCADE, related_name="hexagon")
    q = models.SmallIntegerField("column")
    r = models.SmallIntegerField("row")
    used_in_list = models.CharField(max_length=4, choices=HexagonList)
    basis = models.CharField(max_length=80)

    class Meta:
        ordering = ["authority__name"]
        constraints = [models.UniqueConstraint(fields=["q", "r", "used_in_list"], name="hexagon_cell_once")]

    def __str__(self):
        return f"{self.authority} at {self.q}, {self.r}"


class PostcodeArea(models.Model):
    """A postcode district (the part before the space) and the authority that most of its postcodes are in."""

    outcode = models.CharField(max_length=4, unique=True)
    latitude = models.FloatField(help_text="Decimal degrees, WGS84: mean of the postcodes")
    longitude = models.FloatField(help_text="Decimal degrees, WGS84: mean of the postcodes")
    main_authority = models.ForeignKey(Organisation, models.PROTECT, related_name="postcode_areas")
    main_share = models.DecimalField(
        max_digits=4,
        decimal_places=3,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="Share of the district's postcodes in that authority, 0 to 1; may be under a half",
    )
    postcodes = models.PositiveIntegerField(help_text="Number of postcodes, closed ones included")
    authorities = models.JSONField(
        help_text="Authorities with two in a hundred or more of the postcodes: code to number of postcodes"
    )

    class Meta:
        ordering = ["outcode"]

    def __str__(self):
        return self.outcode


class EmailDomain(models.Model):
    """A mail domain: an organisation's own, which approves at once, or a shared one, which never does."""

    domain = models.CharField(max_length=120, unique=True, help_text="Lower case: trafford.gov.uk")
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="email_domains"
    )
    shared = models.BooleanField(default=False, help_text="Used by many organisations, or by the public")

    objects = EmailDomainQuerySet.as_manager()

    class Meta:
        ordering = ["domain"]
        constraints = [
            models.CheckConstraint(
                condition=Q(shared=True, organisation__isnull=True)
                | Q(shared=False, organisation__isnull=False),
                name="email_domain_shared_or_owned",
            ),
            models.CheckConstraint(condition=Q(domain=Lower("domain")), name="email_domain_lower_case"),
        ]

    def __str__(self):
        return self.domain

    def clean(self):
        self.domain = self.domain.lower()
        if self.shared == bool(self.organisation_id):
            raise ValidationError("A domain is either shared or belongs to one organisation.")


class PartnershipKind(models.TextChoices):
    CHILDRENS_TRUST = "childrens_trust", "Children's Trust"
    CAMHS = "camhs", "CAMHS partnership"


class Partnership(models.Model):
    """Organisations that a report of one collection brings together, known by their authority's code."""

    kind = models.CharField(max_length=20, choices=PartnershipKind)
    authority = models.ForeignKey(Organisation, models.PROTECT, related_name="partnerships_led")
    name = models.CharField(max_length=120)
    year = models.PositiveSmallIntegerField(help_text="First year of the collection: 2008 is 2008/09")
    organisations = models.ManyToManyField(
        Organisation, through="PartnershipMember", related_name="partnerships"
    )

    class Meta:
        ordering = ["year", "kind", "name"]
        constraints = [models.UniqueConstraint(fields=["kind", "authority", "year"], name="partnership_once")]

    def __str__(self):
        return f"{self.name} ({self.year})"


class MemberBasis(models.TextChoices):
    AUTHORITY = "authority", "The authority itself"
    COVERS = "covers", "PCT that covers the area"
    HEADQUARTERS = "headquarters", "Trust with headquarters in the area"
    SERVICES = "services", "Its services serve the area"
    EDITED = "edited", "Added by hand"


class PartnershipMember(models.Model):
    """That an organisation belongs to a partnership, and why."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="members")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="partnership_memberships")
    basis = models.CharField(max_length=20, choices=MemberBasis)

    class Meta:
        ordering = ["partnership", "organisation__name"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "organisation"], name="partnership_member_once")
        ]

    def __str__(self):
        return f"{self.organisation} in {self.partnership}"

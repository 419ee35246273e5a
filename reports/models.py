"""What we tell: facts from signed-off answers, figures of areas, and the documents made of them."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.tenancy import OrganisationRowsQuerySet
from mapping.core import clock
from mapping.returns.models import Collection, Part, ReturnEvent, ServiceEntry
from reports.querysets import AreaFigureQuerySet, DocumentQuerySet, FactQuerySet, FactSetQuerySet


class FactSet(models.Model):
    """What one sign-off of a part says; never changed, replaced by the set of a later sign-off."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="fact_sets")
    collection = models.ForeignKey(Collection, models.PROTECT, related_name="fact_sets")
    part = models.ForeignKey(Part, models.PROTECT, related_name="fact_sets")
    event = models.ForeignKey(ReturnEvent, models.PROTECT, related_name="fact_sets")
    rebuilt = models.PositiveSmallIntegerField(
        default=0, help_text="How often it was made again from its revisions."
    )
    made_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = FactSetQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "rebuilt"], name="one_fact_set_for_each_sign_off")
        ]

    def __str__(self):
        return f"{self.part}, {self.made_at:%d %B %Y}"


class FactState(models.TextChoices):
    ANSWERED = "answered", "Answered"
    NOT_KNOWN = "NK", "Not known"
    NOT_COLLECTED = "NC", "Not collected"
    NOT_APPLICABLE = "NA", "Does not apply"
    BLANK = "blank", "Not answered"


class Fact(models.Model):
    """What a signed-off cell says, under the name of a measure."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="facts")
    fact_set = models.ForeignKey(FactSet, models.CASCADE, related_name="facts")
    collection = models.ForeignKey(Collection, models.PROTECT, related_name="facts")
    part = models.ForeignKey(Part, models.PROTECT, related_name="facts")
    service_entry = models.ForeignKey(
        ServiceEntry, models.PROTECT, null=True, blank=True, related_name="facts"
    )
    measure = models.CharField(max_length=40)
    item = models.CharField(max_length=40, blank=True)
    area = models.CharField(
        max_length=12, blank=True, help_text="GSS code of the area of residence, if it has one."
    )
    state = models.CharField(max_length=8, choices=FactState.choices)
    number = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    choice = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    revision = models.PositiveIntegerField()

    objects = FactQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["collection", "measure"],
                include=["organisation", "item", "state", "number", "choice", "fact_set"],
                name="facts_by_measure",
            ),
            models.Index(fields=["fact_set", "measure"], name="facts_of_a_set"),
        ]

    def __str__(self):
        return f"{self.measure} {self.item}: {self.number if self.number is not None else self.choice or self.state}"


class Level(models.TextChoices):
    """How large an area a figure speaks of."""

    ENGLAND = "england", "England"
    REGION = "region", "Region"
    SHA = "sha", "Strategic health authority"
    LA_TYPE = "la_type", "Type of authority"
    AUTHORITY = "authority", "Local authority"


class AreaFigure(models.Model):
    """A figure of an area: computed once from facts, selected everywhere."""

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="area_figures")
    measure = models.CharField(max_length=40)
    item = models.CharField(max_length=40, blank=True)
    level = models.CharField(max_length=12, choices=Level.choices)
    area_code = models.CharField(max_length=20)
    area_name = models.CharField(max_length=100)
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    base = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    respondents = models.PositiveIntegerField(default=0, help_text="Organisations whose answers are in it.")
    made_at = models.DateTimeField(default=timezone.now)

    objects = AreaFigureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "measure", "item", "level", "area_code"], name="area_figure_once"
            )
        ]

    def __str__(self):
        return f"{self.measure} {self.item} {self.area_name} {self.collection}: {self.value}"


class DocumentKind(models.TextChoices):
    LOCAL_AUTHORITY_PROFILE = "local_authority_profile", "Local authority profile"


class Document(models.Model):
    """A document that is asked for, being made or made. The row is the truth of the job, the queue only a nudge."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waits to be made"
        MAKING = "making", "Being made"
        MADE = "made", "Made"
        FAILED = "failed", "Not made"

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="documents")
    collection = models.ForeignKey(Collection, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=40, choices=DocumentKind.choices)
    is_draft = models.BooleanField(default=False)
    number = models.PositiveSmallIntegerField(default=1, help_text="1 for the first one made, then counting.")
    event = models.ForeignKey(ReturnEvent, models.PROTECT, null=True, blank=True, related_name="documents")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(
        default=timezone.now,
        help_text="Real time; the document shows what was known then, whenever it is made.",
    )
    on_day = models.DateField(default=clock.today, help_text="Day of the exercise on which it was asked for.")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    step = models.CharField(max_length=60, blank=True, help_text="What is being done, for the progress bar.")
    steps_done = models.PositiveSmallIntegerField(default=0)
    steps = models.PositiveSmallIntegerField(default=4)
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    claim = models.UUIDField(
        null=True,
        blank=True,
        help_text="Of the worker that makes it now; a slower one that lost it changes nothing.",
    )
    failure = models.TextField(blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    file = models.CharField(
        max_length=300, blank=True, help_text="Key in the store; begins with the organisation."
    )
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "kind"],
                condition=models.Q(event__isnull=False),
                name="one_document_for_each_event",
            ),
            models.UniqueConstraint(
                fields=["organisation", "collection", "kind"],
                condition=models.Q(is_draft=True, status__in=["waiting", "making"]),
                name="one_draft_at_a_time",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.collection}, {self.organisation}"

    @property
    def is_pending(self):
        """Waiting or being made."""
        return self.status in {self.Status.WAITING, self.Status.MAKING}

    @property
    def file_name(self):
        """local-authority-profile-trafford-2009-10-draft.pdf"""
        ending = "-draft" if self.is_draft else f"-{self.number}" if self.number > 1 else ""
        kind = self.kind.replace("_", "-")
        return f"{kind}-{self.organisation.slug}-{self.collection.slug}{ending}.pdf"


class DocumentReader(models.Model):
    """An organisation that may open a document: what a partnership shares is explicit, row by row."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, models.CASCADE, related_name="readers")

    objects = OrganisationRowsQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "organisation"], name="reader_named_once")]

    def __str__(self):
        return f"{self.organisation} reads {self.document}"

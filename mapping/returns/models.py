"""When and what: collections, the annual return of each organisation with its parts, and its list of services."""

from datetime import date
from functools import cached_property

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.tenancy import OrganisationRowsQuerySet
from mapping.core import clock
from mapping.returns.classification import classification
from mapping.returns.querysets import (
    MOST_ATTEMPTS,
    CollectionQuerySet,
    EventQuerySet,
    JointAnswerQuerySet,
    JointRequestQuerySet,
    PartQuerySet,
    ServiceEntryQuerySet,
    ServiceImportQuerySet,
)
from mapping.returns.workflow import UNLOCKED, Decision, progress_of


class Phase(models.TextChoices):
    BEFORE_REGISTRATION = "before_registration", "Before registration"
    REGISTRATION = "registration", "Registration"
    DATA_ENTRY = "data_entry", "Data entry"
    CLOSED = "closed", "Closed"
    PUBLISHED = "published", "Published"


def name_of(year):
    """What the collection of a year is called: 2009 is 2009/10."""
    return f"{year}/{(year + 1) % 100:02d}"


class Collection(models.Model):
    """One year's round. ``year`` is its first year: 2009 for 2009/10."""

    year = models.PositiveSmallIntegerField(unique=True)
    registration_opens = models.DateField()
    entry_opens = models.DateField()
    census_date = models.DateField()
    entry_closes = models.DateField(help_text="The last day of data entry.")
    published_on = models.DateField(null=True, blank=True)
    thresholds = models.JSONField(default=dict, blank=True, help_text="Settings of the soft rules.")

    objects = CollectionQuerySet.as_manager()

    class Meta:
        ordering = ["year"]

    def __str__(self):
        return self.name

    @property
    def name(self):
        """2009/10"""
        return name_of(self.year)

    @property
    def slug(self):
        """2009-10, as in addresses and file names."""
        return self.name.replace("/", "-")

    @property
    def phase(self):
        """Where the collection stands today, by the clock of the exercise."""
        today = clock.today()
        if self.published_on and today >= self.published_on:
            return Phase.PUBLISHED
        if today > self.entry_closes:
            return Phase.CLOSED
        if today >= self.entry_opens:
            return Phase.DATA_ENTRY
        if today >= self.registration_opens:
            return Phase.REGISTRATION
        return Phase.BEFORE_REGISTRATION

    @cached_property
    def dates(self):
        """The dates that questions name, by placeholder: (first day, last day), equal for a single day."""
        year = self.year
        return {
            "census_date": (self.census_date, self.census_date),
            "month": (self.census_date.replace(day=1), self.census_date),
            "half_year": (date(year, 6, 1), self.census_date),
            "prev_fy": (date(year - 1, 4, 1), date(year, 3, 31)),
            "this_fy": (date(year, 4, 1), date(year + 1, 3, 31)),
            "acad_year": (date(year - 1, 9, 1), date(year, 8, 31)),
            "ni51_date": (date(year, 12, 31), date(year, 12, 31)),
        }


class PartKind(models.TextChoices):
    SERVICES = "services", "Services"
    FINANCE = "finance", "Finance"
    ORGANISATION = "organisation", "Organisation"


class AnnualReturn(models.Model):
    """One organisation's data of one collection."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="annual_returns")
    collection = models.ForeignKey(Collection, models.PROTECT, related_name="annual_returns")
    created_at = models.DateTimeField(default=timezone.now)
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_reason = models.TextField(blank=True)
    extended_to = models.DateField(null=True, blank=True)
    extension_reason = models.TextField(blank=True)

    objects = OrganisationRowsQuerySet.as_manager()

    class Meta:
        ordering = ["-collection__year"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "collection"], name="one_return_for_each_collection"
            )
        ]

    def __str__(self):
        return f"{self.organisation}: return for {self.collection}"

    @property
    def is_declined(self):
        return self.declined_at is not None


class Part(models.Model):
    """What is submitted and signed off on its own."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="parts")
    collection = models.ForeignKey(Collection, models.PROTECT, related_name="parts")
    annual_return = models.ForeignKey(AnnualReturn, models.PROTECT, related_name="parts")
    kind = models.CharField(max_length=20, choices=PartKind.choices)
    decision = models.CharField(
        max_length=20, choices=[(d.value, d.label) for d in Decision], default=Decision.OPEN.value
    )
    decided_at = models.DateTimeField(null=True, blank=True, help_text="Time of the exercise.")
    list_confirmed_at = models.DateTimeField(null=True, blank=True, help_text="Services part only.")
    list_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    open_until = models.DateField(
        null=True, blank=True, help_text="Work allowed after closing: sent back, reopened."
    )

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(fields=["annual_return", "kind"], name="one_part_of_each_kind"),
            models.CheckConstraint(
                condition=models.Q(decision__in=[d.value for d in Decision]), name="part_decision_is_known"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.collection}, {self.organisation}"

    @property
    def progress(self):
        """Needs ``PartQuerySet.with_progress``, which counts what is listed, started and complete."""
        if self.kind != PartKind.SERVICES:
            return progress_of(self.listed, self.started, self.complete)
        # The list itself is one more thing to be done: it is complete once the lead has confirmed it.
        confirmed = int(self.list_confirmed_at is not None)
        return progress_of(self.listed + 1, self.started + confirmed, self.complete + confirmed)

    @property
    def is_unlocked(self):
        return Decision(self.decision) in UNLOCKED

    @property
    def closes_on(self):
        """The last day on which its answers may change."""
        days = [self.collection.entry_closes, self.annual_return.extended_to, self.open_until]
        return max(day for day in days if day)

    @property
    def takes_answers(self):
        """Whether answers may change now: unlocked, in time, and not of a return that was declined."""
        in_time = self.collection.entry_opens <= clock.today() <= self.closes_on
        return self.is_unlocked and in_time and not self.annual_return.is_declined


class ReturnEvent(models.Model):
    """What happened to a return, for good: every decision, extension and confirmation, with who, when and a note."""

    class Kind(models.TextChoices):
        REGISTERED = "registered", "Registered"
        LIST_CONFIRMED = "list_confirmed", "List of services confirmed as complete"
        LIST_UNCONFIRMED = "list_unconfirmed", "List of services opened again"
        SUBMITTED = "submitted", "Submitted"
        SENT_BACK = "sent_back", "Sent back"
        SIGNED_OFF = "signed_off", "Signed off"
        BACK_LOADED = "back_loaded", "Signed off by a back-load"
        REOPENED = "reopened", "Reopened"
        DECLINED = "declined", "Declined to take part"
        JOINED_AGAIN = "joined_again", "Takes part after all"
        EXTENDED = "extended", "Data entry extended"

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="return_events")
    annual_return = models.ForeignKey(AnnualReturn, models.PROTECT, related_name="events")
    part = models.ForeignKey(Part, models.PROTECT, null=True, blank=True, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    detail = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(help_text="Time of the exercise.")
    recorded_at = models.DateTimeField(default=timezone.now, help_text="Real time.")

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["recorded_at", "pk"]

    def __str__(self):
        return f"{self.get_kind_display()} by {self.by}, {self.at:%d %B %Y}"


class EventReceipt(models.Model):
    """A consumer's mark that it has handled an event; what lacks one is delivered again."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    event = models.ForeignKey(ReturnEvent, models.PROTECT, related_name="receipts")
    consumer = models.CharField(max_length=60)
    handled_at = models.DateTimeField(default=timezone.now)

    objects = OrganisationRowsQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "consumer"], name="handled_once_by_each")]

    def __str__(self):
        return f"{self.consumer}: {self.event_id}"


class Department(models.Model):
    """Where in the organisation a service stands, in its own words."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="departments")
    name = models.CharField(max_length=120)

    objects = OrganisationRowsQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="department_named_once")]

    def __str__(self):
        return self.name


class Locality(models.Model):
    """A part of the area by which the organisation arranges its services."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="localities")
    name = models.CharField(max_length=120)

    objects = OrganisationRowsQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "localities"
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="locality_named_once")]

    def __str__(self):
        return self.name


class Service(models.Model):
    """The identity of a service over the years; it closes or merges, but its reference is for good."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="services")
    reference = models.CharField(max_length=20, help_text="Unique in the organisation, for example S0012.")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")
    continues = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="continued_by",
        help_text="The service of a predecessor that it was, before this organisation took over.",
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = OrganisationRowsQuerySet.as_manager()

    class Meta:
        ordering = ["reference"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "reference"], name="service_reference_once"),
            models.UniqueConstraint(fields=["organisation", "continues"], name="service_continued_once"),
        ]

    def __str__(self):
        return self.reference


class EntryStatus(models.TextChoices):
    """Whether the service took people on the census date (question SVC-A10)."""

    OPEN = "open", "Open"
    OPENED = "opened", "Opened since last mapping"
    SUSPENDED = "suspended", "Suspended"
    CLOSED = "closed", "Closed since last mapping"
    MERGED = "merged", "Merged into another service"


class EntryForm(models.TextChoices):
    FULL = "full", "Full questionnaire"
    SHORT = "short", "Short questionnaire"


class ServiceEntry(models.Model):
    """A service in one collection. What happens next year never rewrites this year's."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="service_entries")
    collection = models.ForeignKey(Collection, models.PROTECT, related_name="service_entries")
    annual_return = models.ForeignKey(AnnualReturn, models.PROTECT, related_name="service_entries")
    service = models.ForeignKey(Service, models.PROTECT, related_name="entries")
    name = models.CharField(max_length=200)
    category = models.CharField(max_length=2, help_text="01 to 26 of the classification.")
    sector = models.CharField(
        max_length=20,
        blank=True,
        choices=[(key, sector.name) for key, sector in classification().sectors.items()],
    )
    provider = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="services_provided"
    )
    provider_name = models.CharField(max_length=200, blank=True, help_text="A provider outside the register.")
    lead_organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="services_led"
    )
    joint_with = models.JSONField(default=list, blank=True, help_text="[{organisation: code, part: text}]")
    status = models.CharField(
        max_length=10, choices=EntryStatus.choices, default=EntryStatus.OPEN, blank=True
    )
    is_zero_cost = models.BooleanField(null=True, default=False)
    merged_into = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    status_date = models.DateField(null=True, blank=True, help_text="When it opened, closed or merged.")
    form = models.CharField(max_length=5, choices=EntryForm.choices, default=EntryForm.FULL)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="entries")
    locality = models.ForeignKey(Locality, models.PROTECT, null=True, blank=True, related_name="entries")
    listing = models.JSONField(
        default=dict,
        blank=True,
        help_text="What an imported directory said: description, address, postcode, telephone, email, website.",
    )
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="carried_to")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ServiceEntryQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "service entries"
        constraints = [
            models.UniqueConstraint(fields=["service", "collection"], name="one_entry_for_each_collection")
        ]

    def __str__(self):
        return self.name

    @property
    def reference(self):
        return self.service.reference

    @property
    def category_label(self):
        """08 CAMHS tier 2 (targeted)"""
        return f"{self.category} {classification().categories[self.category].name}"

    @property
    def is_gone(self):
        """Closed or merged: only when and into what is still asked."""
        return self.status in {EntryStatus.CLOSED, EntryStatus.MERGED}


class ColumnMatch(models.Model):
    """Which field a heading of an imported file meant, as a lead corrected it: remembered for the next file."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="column_matches")
    heading = models.CharField(max_length=120)
    field = models.CharField(max_length=30, blank=True, help_text="Empty: leave the column out.")

    objects = OrganisationRowsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "heading"], name="heading_matched_once")
        ]

    def __str__(self):
        return f"{self.heading}: {self.field}"


class JointRequest(models.Model):
    """That a partner is asked whether it takes part in a service that an organisation lists as joint (SVC-A09).

    The partner reads this row and nothing else of the service, so what it may know is written here: the name, the
    category and the organisation that leads. Actions keep it in line with the service entry.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="joint_requests", help_text="Who asks."
    )
    partner = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="joint_requests_received"
    )
    collection = models.ForeignKey(Collection, models.PROTECT, related_name="joint_requests")
    service_entry = models.ForeignKey(ServiceEntry, models.SET_NULL, null=True, related_name="joint_requests")
    name = models.CharField(max_length=200)
    category = models.CharField(max_length=2)
    lead_organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="+", help_text="Who leads the service."
    )
    asked_at = models.DateTimeField(help_text="Time of the exercise.")
    told_at = models.DateTimeField(
        null=True, blank=True, help_text="When somebody of the partner was told; empty while nobody is there."
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = JointRequestQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["service_entry", "partner"], name="partner_asked_once"),
            models.CheckConstraint(
                condition=~models.Q(organisation=models.F("partner")), name="partner_is_another"
            ),
        ]

    def __str__(self):
        return f"{self.name}: {self.partner}"

    @property
    def category_label(self):
        """08 CAMHS tier 2 (targeted)"""
        return f"{self.category} {classification().categories[self.category].name}"


class JointAnswer(models.Model):
    """What a partner answers to a JointRequest; it may change its mind, the log keeps what it said before."""

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="joint_answers", help_text="The partner."
    )
    request = models.OneToOneField(JointRequest, models.PROTECT, related_name="answer")
    takes_part = models.BooleanField()
    part = models.CharField("part played", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(help_text="Time of the exercise.")
    recorded_at = models.DateTimeField(default=timezone.now, help_text="Real time.")

    objects = JointAnswerQuerySet.as_manager()

    def __str__(self):
        return f"{self.request}: {'yes' if self.takes_part else 'no'}"


class ServiceImport(models.Model):
    """A file that a lead wants to import: kept with the choices made until it is taken over or dropped.

    Finding categories for a long list is a job, of which this row is the truth; the queue is only a nudge.
    """

    class Status(models.TextChoices):
        READY = "ready", "Ready to be checked"
        WAITING = "waiting", "Waits to be read"
        READING = "reading", "Being read"
        FAILED = "failed", "Not read"

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="service_imports")
    collection = models.ForeignKey(Collection, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    choices = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    outcome = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.READY)
    texts_done = models.PositiveIntegerField(default=0)
    texts = models.PositiveIntegerField(default=0, help_text="Different texts to find a category for.")
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    claim = models.UUIDField(
        null=True,
        blank=True,
        help_text="Of the worker that reads it; a slower one that lost it changes nothing.",
    )
    suggestions = models.JSONField(
        default=dict, blank=True, help_text="What a job has found, by the key of the text."
    )

    objects = ServiceImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return self.file_name

    @property
    def is_pending(self):
        """Waiting for a worker, or with one."""
        return self.status in {self.Status.WAITING, self.Status.READING}

    @property
    def is_given_up(self):
        """Failed so often that it is not tried again by itself."""
        return self.status == self.Status.FAILED and self.attempts >= MOST_ATTEMPTS

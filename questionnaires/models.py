"""What is asked and what was answered."""

from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from mapping.returns.models import AnnualReturn, Collection, Part, PartKind, ServiceEntry
from mapping.returns.workflow import Progress
from questionnaires.querysets import (
    CheckJobQuerySet,
    DelegationQuerySet,
    FindingQuerySet,
    OfResponseQuerySet,
    PinQuerySet,
    ResponseQuerySet,
)


class DefinitionVersion(models.Model):
    """One text of a questionnaire's definition, for good. A change is another version."""

    key = models.CharField(max_length=40, help_text="service, childrens_trust, ...")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.JSONField()
    loaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "number"], name="definition_version_once"),
            models.UniqueConstraint(fields=["key", "sha256"], name="definition_text_once"),
        ]

    def __str__(self):
        return f"{self.key}, version {self.number}"


class Pin(models.Model):
    """Which version of a questionnaire a collection asks, of whom, and in which part it is owed."""

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="pins")
    definition_version = models.ForeignKey(DefinitionVersion, models.PROTECT, related_name="pins")
    key = models.CharField(max_length=40)
    part_kind = models.CharField(max_length=20, choices=PartKind.choices)
    respondents = ArrayField(
        models.CharField(max_length=20), help_text="Roles that owe it: LA, PCTC, PCTP, NHST, VCS."
    )

    objects = PinQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["collection", "key"], name="questionnaire_pinned_once")
        ]

    def __str__(self):
        return f"{self.key} {self.collection}"

    @property
    def title(self):
        """Children's Trust questionnaire"""
        return _title_of(self.definition_version_id)


@lru_cache(maxsize=64)
def _title_of(version_id):
    """The title in a definition version, which never changes."""
    return DefinitionVersion.objects.values_list("content__title", flat=True).get(pk=version_id)


class Response(models.Model):
    """One questionnaire answered once: for a service entry, or for the organisation.

    ``cells`` holds the current answers as ``{"SVC-F01": {"v": 148, "o": "typed"}}``: value ``v`` or special
    answer ``s`` (NK, NC, NA) and origin ``o``, by cell id ("question" or "question|row|column"); a text that was
    carried over holds in ``y`` the first year of the collection in which it was given. The summary columns are
    recomputed by every save.
    """

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="responses")
    part = models.ForeignKey(Part, models.PROTECT, related_name="responses")
    pin = models.ForeignKey(Pin, models.PROTECT, related_name="responses")
    service_entry = models.ForeignKey(
        ServiceEntry, models.CASCADE, null=True, blank=True, related_name="responses"
    )
    cells = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=0, help_text="Number of the latest revision.")
    progress = models.CharField(
        max_length=20, choices=[(p.value, p.label) for p in Progress], default=Progress.NOT_STARTED.value
    )
    sections = models.JSONField(
        default=dict, blank=True, help_text="{section: {progress, answered, mandatory, hard, soft_open}}"
    )
    hard_count = models.PositiveIntegerField(default=0)
    soft_open_count = models.PositiveIntegerField(default=0)
    missing_count = models.PositiveIntegerField(default=0)
    checked_version = models.ForeignKey(
        DefinitionVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="Of which the summary is; once its part is decided about, it is read by that.",
    )
    created_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(null=True, blank=True, help_text="Time of the exercise.")
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ResponseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["part", "pin", "service_entry"], nulls_distinct=False, name="one_response_each"
            )
        ]

    def __str__(self):
        return str(self.service_entry) if self.service_entry_id else self.pin.title


class Origin(models.TextChoices):
    """Where a cell's value came from."""

    TYPED = "typed", "Typed"
    CARRIED = "carried", "Carried over from last year"
    CONFIRMED = "confirmed", "Carried over and confirmed"
    IMPORT = "import", "Imported"


class Revision(models.Model):
    """What one save changed: ``{cell id: [old stored value or null, new stored value or null]}``."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="revisions")
    response = models.ForeignKey(Response, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    changed = models.JSONField()
    origin = models.CharField(max_length=10, choices=Origin.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(help_text="Time of the exercise.")
    recorded_at = models.DateTimeField(default=timezone.now, help_text="Real time.")

    objects = OfResponseQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["response", "number"], name="revision_numbered_once")]

    def __str__(self):
        return f"{self.response}, revision {self.number}"


class Reason(models.TextChoices):
    """Why an unusual answer is right, in short."""

    REAL_CHANGE = "real_change", "A real change in the service"
    COUNTED_OTHERWISE = "counted_otherwise", "We count it in another way now"
    LAST_YEAR_WRONG = "last_year_wrong", "Last year\N{RIGHT SINGLE QUOTATION MARK}s figure was wrong"
    UNUSUAL_BUT_RIGHT = "unusual_but_right", "Unusual, but right"
    OTHER = "other", "Another reason"


class Explanation(models.Model):
    """Why an unusual answer is right: a reason, words, or both. It holds while the value it was given for does.

    One that lacks the words that it needs is kept for no value, so that it explains nothing yet.
    """

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="explanations")
    response = models.ForeignKey(Response, models.CASCADE, related_name="explanations")
    rule = models.CharField(max_length=40)
    cell = models.CharField(max_length=120)
    given_for = models.TextField(
        blank=True,
        help_text="The values that it explains, as evaluation words them; empty: words are wanted.",
    )
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(help_text="Time of the exercise.")

    objects = OfResponseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "rule", "cell"], name="explained_once")]

    def __str__(self):
        return f"{self.rule} {self.cell}"

    @property
    def words(self):
        """A real change in the service: a second team joined."""
        reason = "" if self.reason == Reason.OTHER and self.text else self.get_reason_display()
        return ": ".join(part for part in (reason, self.text) if part)


class PeerRanges(models.Model):
    """Between which figures nearly all services of a category lay in a collection, for rule GS6.

    ``ranges``: {question: {per cent: [lowest, highest]}}, figures as text; only where enough services reported.
    No row says whose a figure was.
    """

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="peer_ranges")
    category = models.CharField(max_length=2)
    ranges = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collection", "category"], name="peer_ranges_once_a_category")
        ]

    def __str__(self):
        return f"Category {self.category}, {self.collection}"


class CheckJob(models.Model):
    """Work on the checks of a collection that goes through all of its answers. The row is the truth of the job.

    ``state``: what it has found up to the organisation ``after``, so that another worker can go on from there.
    """

    class Kind(models.TextChoices):
        COUNT = "count", "How often the checks find something"
        TRIAL = "trial", "A threshold tried on last year's answers"
        APPLY = "apply", "Responses checked again after a change of thresholds"
        PEERS = "peers", "Figures of peers"

    class Status(models.TextChoices):
        WAITING = "waiting", "Waits"
        RUNNING = "running", "Is being worked on"
        DONE = "done", "Done"
        FAILED = "failed", "Not done"

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="check_jobs")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    question = models.CharField(max_length=20, blank=True)
    rule = models.CharField(max_length=40, blank=True)
    tried = models.JSONField(default=dict, blank=True, help_text="Thresholds that are tried, by name.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True, blank=True, help_text="Of the worker that has it.")
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0, help_text="Responses gone through.")
    total = models.PositiveIntegerField(default=0)
    state = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = CheckJobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["collection", "kind", "-created_at"], name="check_jobs_latest")]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.collection}"

    @property
    def is_pending(self):
        return self.status in {self.Status.WAITING, self.Status.RUNNING}

    @property
    def ended(self):
        """When it was done, by the time of the exercise; None while it is not. ``finished_at`` is real time."""
        ended = self.state.get("ended")
        return datetime.fromisoformat(ended) if ended else self.finished_at


class ThresholdChange(models.Model):
    """A change of what a collection sets for a soft rule, for good. ``before``, ``after``: {name: value}, ``off``.

    ``question`` is empty where it was set for all questions.
    """

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="threshold_changes")
    question = models.CharField(max_length=20)
    rule = models.CharField(max_length=40)
    before = models.JSONField()
    after = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(help_text="Time of the exercise.")
    recorded_at = models.DateTimeField(default=timezone.now, help_text="Real time.")

    class Meta:
        ordering = ["-recorded_at", "-pk"]

    def __str__(self):
        return f"{self.rule} at {self.question or 'all questions'}, {self.collection}"


class Delegation(models.Model):
    """Who is asked to answer a response, or one section of it, by when."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="delegations")
    annual_return = models.ForeignKey(AnnualReturn, models.PROTECT, related_name="delegations")
    response = models.ForeignKey(Response, models.CASCADE, related_name="delegations")
    section = models.CharField(max_length=10, blank=True, help_text="Empty: all sections.")
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="delegations"
    )
    invitation = models.ForeignKey(
        "accounts.Invitation", models.PROTECT, null=True, blank=True, related_name="delegations"
    )
    due_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True, blank=True)
    nudged_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    # What it takes to name it in a message or a list, in one statement.
    WITH_NAMES = (
        "organisation", "to", "invitation__organisation", "by", "response__organisation", "response__pin",
        "response__service_entry", "response__part__collection", "response__part__annual_return",
    )  # fmt: skip

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to__isnull=False) | models.Q(invitation__isnull=False),
                name="delegated_to_somebody",
            )
        ]

    def __str__(self):
        return f"{self.response} to {self.person}"

    @property
    def is_asked(self):
        """Whether its section is still asked, as far as the summary of the response tells."""
        return not (self.section and self.response.sections) or self.section in self.response.sections

    @property
    def person(self):
        """Who is asked, by name; an invited person by the name or address of the invitation."""
        return str(self.to) if self.to else self.invitation.name or self.invitation.email


class Finding(models.Model):
    """What a rule across organisations found at an answer of a submitted part (``rules/across.py``).

    It never keeps a part from anything, and is no part of what is signed off: it may be explained at any time, and
    the explanation stays with it while what it was given for does.
    """

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="findings")
    response = models.ForeignKey(Response, models.CASCADE, related_name="findings")
    rule = models.CharField(max_length=40)
    cell = models.CharField(max_length=120)
    message = models.TextField()
    given_for = models.TextField(blank=True, help_text="What an explanation is given for.")
    first_seen = models.DateTimeField(help_text="Time of the exercise.")
    gone_at = models.DateTimeField(null=True, blank=True, help_text="When it no longer held.")
    explanation = models.TextField(blank=True)
    explained_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    explained_at = models.DateTimeField(null=True, blank=True, help_text="Time of the exercise.")

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["first_seen", "pk"]
        constraints = [models.UniqueConstraint(fields=["response", "rule", "cell"], name="found_once")]

    def __str__(self):
        return f"{self.rule} {self.cell}"


class CrossCheck(models.Model):
    """When the rules across organisations were last run for a collection."""

    collection = models.OneToOneField(Collection, models.CASCADE, related_name="cross_check")
    checked_at = models.DateTimeField(help_text="Real time at which it began to read.")

    def __str__(self):
        return f"{self.collection}: {self.checked_at:%d %B %Y %H:%M}"

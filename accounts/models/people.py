"""People and what they may do: users, memberships, invitations, registrations, messages."""

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.tenancy import OrganisationRowsQuerySet
from mapping.core import clock

INVITATION_DAYS = 30
SYSTEM_ACCOUNT = "commands@system.invalid"


class StaffRole(models.TextChoices):
    NONE = "", "None"
    SUPPORT_WORKER = "support_worker", "Regional support worker"
    HELPDESK = "helpdesk", "Helpdesk"
    ANALYST = "analyst", "Analyst"
    NATIONAL = "national", "National team"


class Role(models.TextChoices):
    """What a person is within one organisation."""

    CONTRIBUTOR = "contributor", "Contributor"
    LEAD = "lead", "Mapping lead"
    DEPUTY = "deputy", "Deputy mapping lead"
    DIRECTOR = "director", "Director"


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def system_account(self):
        """The account that commands write as when no person is named; nobody can sign in as it."""
        account = self.filter(email=SYSTEM_ACCOUNT).first()
        return account or self.create_user(
            SYSTEM_ACCOUNT, name="The operators' commands", is_system=True, is_active=False
        )

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(
            email, password, **{"staff_role": StaffRole.NATIONAL, "is_superuser": True, **fields}
        )


class User(AbstractBaseUser, PermissionsMixin):
    """A person (or the system account of back-loads), known by e-mail address."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    telephone = models.CharField(max_length=30, blank=True)
    staff_role = models.CharField(
        max_length=20, choices=StaffRole.choices, blank=True, default=StaffRole.NONE
    )
    regions = models.ManyToManyField("accounts.Region", blank=True, related_name="support_workers")
    is_active = models.BooleanField(default=True)
    is_system = models.BooleanField(default=False, help_text="Writes on behalf of a command; cannot sign in.")
    joined_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_per_email")]

    def __str__(self):
        return self.name or self.email

    @property
    def is_staff(self):
        """May open the admin: the national team, for registers and accounts."""
        return self.staff_role == StaffRole.NATIONAL

    @property
    def is_support_worker(self):
        return self.staff_role == StaffRole.SUPPORT_WORKER

    @property
    def sees_all_organisations(self):
        return self.staff_role in {StaffRole.HELPDESK, StaffRole.ANALYST, StaffRole.NATIONAL}

    @cached_property
    def active_memberships(self):
        """Memberships that count now, with their organisations: a director's only once confirmed."""
        return list(self.memberships.active().select_related("organisation").order_by("organisation__name"))

    @cached_property
    def organisation_ids(self):
        return [membership.organisation_id for membership in self.active_memberships]

    @cached_property
    def region_ids(self):
        return list(self.regions.values_list("pk", flat=True))

    def membership_of(self, organisation):
        """The active membership of ``organisation``, or None."""
        found = [m for m in self.active_memberships if m.organisation_id == organisation.pk]
        return found[0] if found else None


class MembershipQuerySet(models.QuerySet):
    def active(self):
        return self.filter(ended_at=None).exclude(role=Role.DIRECTOR, confirmed_at=None)

    def leads(self):
        return self.active().filter(role__in=[Role.LEAD, Role.DEPUTY])

    def directors(self):
        return self.active().filter(role=Role.DIRECTOR)


class Membership(models.Model):
    """A person's role in an organisation; one each, so nobody is lead and director of the same return."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    post = models.CharField("job title", max_length=150, blank=True)
    confirmed_at = models.DateTimeField(
        null=True, blank=True, help_text="When the helpdesk confirmed a director."
    )
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], condition=models.Q(ended_at=None), name="one_role_each"
            )
        ]

    def __str__(self):
        return f"{self.user}, {self.get_role_display().lower()} of {self.organisation}"

    @property
    def waits_for_confirmation(self):
        return self.role == Role.DIRECTOR and self.confirmed_at is None


def hash_of(token):
    return hashlib.sha256(token.encode()).hexdigest()


class Invitation(models.Model):
    """An invitation by e-mail to take a role in an organisation; the token itself is only in the mail."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="invitations")
    email = models.EmailField()
    name = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    note = models.TextField(blank=True)
    provider_name = models.CharField(
        max_length=120, blank=True, help_text="The voluntary provider that is invited, if one is."
    )
    provider = models.ForeignKey(
        "accounts.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="That provider, where it is on the register.",
    )
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="invitations_sent")
    created_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="invitations_accepted"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = OrganisationRowsQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return f"{self.email} as {self.get_role_display().lower()} of {self.organisation}"

    @staticmethod
    def new_token():
        return secrets.token_urlsafe(32)

    @property
    def expires_at(self):
        return self.created_at + timedelta(days=INVITATION_DAYS)

    @property
    def is_of_provider(self):
        """Whether it asks a voluntary provider to take part, rather than a person to join."""
        return bool(self.provider_name)

    @property
    def is_open(self):
        return not self.accepted_at and not self.withdrawn_at and timezone.now() < self.expires_at


class Registration(models.Model):
    """Somebody's wish to be the mapping lead of an organisation, until it is approved or declined."""

    class Status(models.TextChoices):
        UNCONFIRMED = "unconfirmed", "Waits for the e-mail address to be confirmed"
        WAITING = "waiting", "Waits for the helpdesk"
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"
        REFERRED = "referred", "Sent to the present lead"

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="registrations")
    user = models.ForeignKey(User, models.CASCADE, related_name="registrations")
    post = models.CharField("job title", max_length=150)
    note = models.TextField(blank=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.UNCONFIRMED)
    reason = models.TextField(blank=True, help_text="Why it was approved at once, or declined.")
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = OrganisationRowsQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"],
                condition=models.Q(status__in=["unconfirmed", "waiting"]),
                name="one_open_registration",
            )
        ]

    def __str__(self):
        return f"{self.user} for {self.organisation}"


class OrganisationRequest(models.Model):
    """A wish that the register take in an organisation that is not in it; belongs to no organisation yet."""

    user = models.ForeignKey(User, models.CASCADE, related_name="organisation_requests")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    post = models.CharField("job title", max_length=150)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField(blank=True)

    def __str__(self):
        return self.name


class Message(models.Model):
    """What somebody is told about an organisation's return: on the messages page, and by mail."""

    class MailStatus(models.TextChoices):
        WAITING = "waiting", "Waits to be sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Not delivered, will be tried again"
        GIVEN_UP = "given_up", "Not delivered"

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="messages")
    recipient = models.ForeignKey(User, models.CASCADE, related_name="messages", null=True, blank=True)
    email = models.EmailField(help_text="Where the mail goes; an invited person has no account yet.")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    link = models.CharField(max_length=300, blank=True)
    key = models.CharField(
        max_length=120, blank=True, help_text="Says what it is about; sent once for each key."
    )
    invitation = models.ForeignKey(
        Invitation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        help_text="The invitation that the mail carries; its link is made as the mail goes out.",
    )
    at = models.DateTimeField(default=clock.now, help_text="Time of the exercise, as shown.")
    created_at = models.DateTimeField(default=timezone.now, help_text="Real time.")
    read_at = models.DateTimeField(null=True, blank=True)
    mail_status = models.CharField(max_length=10, choices=MailStatus.choices, default=MailStatus.WAITING)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = OrganisationRowsQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["recipient", "-created_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email", "key"],
                condition=~models.Q(key=""),
                name="told_once_for_each_key",
            )
        ]

    def __str__(self):
        return f"{self.subject} to {self.email}"


class AuditEntry(models.Model):
    """One line of the append-only log: sign-ins, downloads of unpublished data, decisions about people."""

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    what = models.CharField(max_length=60)
    detail = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = OrganisationRowsQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-at"])]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.what}"

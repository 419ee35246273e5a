"""The accounts of the demonstration: who they are, and what they sign in with. Never used in production."""

import csv
import time
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.app_settings import TOTP_PERIOD
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.utils import timezone

from accounts.actions.registrations import add_organisation
from accounts.models import Membership, Organisation, OrganisationKind, Region, Role, StaffRole, User

# A voluntary provider that takes part; an invented one, as the registers hold none.
PROVIDER, PROVIDER_NAME, PROVIDER_REGION = (
    "bridgewater-young-peoples-trust",
    "Bridgewater Young People's Trust",
    "north-west",
)
PEOPLE = settings.BASE_DIR / "fixtures" / "demo" / "people.csv"


@dataclass(frozen=True)
class Person:
    """One line of ``people.csv``. ``organisation`` is a slug; of a support worker, that of their region."""

    email: str
    password: str
    name: str
    role: str
    organisation: str
    staff_role: str
    totp_secret: str

    @property
    def code(self):
        """The six digits of the second factor that count now, or nothing for those without."""
        if not self.totp_secret:
            return ""
        return format_hotp_value(hotp_value(self.totp_secret, int(time.time()) // TOTP_PERIOD))

    @property
    def what(self):
        """The role in words: Director, Helpdesk."""
        if self.staff_role:
            return StaffRole(self.staff_role).label
        return Role(self.role).label


def demo_people():
    """The accounts in the order of the file."""
    with PEOPLE.open(encoding="utf-8", newline="") as file:
        return [Person(**line) for line in csv.DictReader(file)]


def load_people():
    """Make or refresh the accounts, their roles and second factors; returns the Users by address.

    Needs the registers; raises Organisation.DoesNotExist where the file names one that is not in them.
    """
    return {person.email: _load(person) for person in demo_people()}


def _load(person):
    user, _ = User.objects.get_or_create(email=person.email)
    user.name, user.staff_role = person.name, person.staff_role
    user.set_password(person.password)
    user.save()
    EmailAddress.objects.update_or_create(
        user=user, email=person.email, defaults={"verified": True, "primary": True}
    )
    if person.totp_secret:
        Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
        TOTP.activate(user, person.totp_secret)
    if person.staff_role == StaffRole.SUPPORT_WORKER:
        user.regions.set([Region.objects.get(slug=person.organisation)])
    elif person.role:
        _take_role(user, person)
    return user


def _take_role(user, person):
    confirmed = timezone.now() if person.role == Role.DIRECTOR else None
    Membership.objects.update_or_create(
        user=user,
        organisation=_organisation(person.organisation),
        ended_at=None,
        defaults={"role": person.role, "confirmed_at": confirmed},
    )


def _organisation(slug):
    """The organisation of a slug; the invented provider joins the register as one that was invited does."""
    if slug == PROVIDER and not Organisation.objects.filter(slug=slug).exists():
        region = Region.objects.get(slug=PROVIDER_REGION)
        return add_organisation(name=PROVIDER_NAME, kind=OrganisationKind.VOLUNTARY, region=region)
    return Organisation.objects.get(slug=slug)

"""The fixed cast of every test: who they are and what they belong to (house style, "Tests").

``lead``, ``deputy``, ``contributor`` and ``director`` belong to ``organisation``; ``outsider`` directs
``foreign_organisation``. Staff have an authenticator, so ``client.force_login`` lets them in.
"""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Role, StaffRole
from tests.factories import MembershipFactory, OrganisationFactory, RegionFactory, UserFactory

TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "long-password-of-tests"


@pytest.fixture
def organisation(db):
    """Trafford, a metropolitan authority in the North West."""
    return OrganisationFactory(name="Trafford", code="E08000009", official_name="Trafford Council")


@pytest.fixture
def foreign_organisation(db):
    """Barnet, a London borough: nothing of Trafford's may be seen there, and the other way round."""
    london = RegionFactory(name="London")
    return OrganisationFactory(name="Barnet", code="E09000003", la_type="london_borough", region=london)


def member(organisation, role, name):
    """A person with this role: ``lead@trafford.example`` and so on; a director is confirmed."""
    user = UserFactory(name=name, email=f"{role}@{organisation.slug}.example", password=PASSWORD)
    confirmed = timezone.now() if role == Role.DIRECTOR else None
    MembershipFactory(user=user, organisation=organisation, role=role, confirmed_at=confirmed)
    return user


def staff(staff_role, name):
    """A person of staff with an authenticator."""
    user = UserFactory(
        name=name, email=f"{staff_role}@mapping.example", password=PASSWORD, staff_role=staff_role
    )
    TOTP.activate(user, TOTP_SECRET)
    return user


@pytest.fixture
def lead(organisation):
    return member(organisation, Role.LEAD, "Ruth Ashworth")


@pytest.fixture
def deputy(organisation):
    return member(organisation, Role.DEPUTY, "Gareth Lloyd")


@pytest.fixture
def contributor(organisation):
    return member(organisation, Role.CONTRIBUTOR, "Priya Nair")


@pytest.fixture
def director(organisation):
    return member(organisation, Role.DIRECTOR, "Helen Marsden")


@pytest.fixture
def outsider(foreign_organisation):
    return member(foreign_organisation, Role.DIRECTOR, "Oliver Grant")


@pytest.fixture
def helpdesk(db):
    return staff(StaffRole.HELPDESK, "Tom Bradley")


@pytest.fixture
def support_worker(organisation):
    """Of the North West."""
    user = staff(StaffRole.SUPPORT_WORKER, "Carol Dean")
    user.regions.add(organisation.region)
    return user


@pytest.fixture
def analyst(db):
    return staff(StaffRole.ANALYST, "Ifan Price")


@pytest.fixture
def national(db):
    return staff(StaffRole.NATIONAL, "Grace Adeyemi")


@pytest.fixture
def visitor():
    return AnonymousUser()


@pytest.fixture
def people(
    lead, deputy, contributor, director, outsider, helpdesk, support_worker, analyst, national, visitor
):
    """All of them by role: ``people["lead"]``."""
    return {
        "lead": lead,
        "deputy": deputy,
        "contributor": contributor,
        "director": director,
        "outsider": outsider,
        "helpdesk": helpdesk,
        "support_worker": support_worker,
        "analyst": analyst,
        "national": national,
        "visitor": visitor,
    }


def sign_in(client, user):
    """Sign in, or out for the visitor; returns the client."""
    if user.is_authenticated:
        client.force_login(user)
    else:
        client.logout()
    return client

"""Making somebody staff, or no longer: it is logged, and nobody is staff and a member of an organisation at once."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import tenancy
from accounts.models import AuditEntry, StaffRole, User
from tests.factories import UserFactory
from tests.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def give(client, national):
    """``give(user, "analyst")`` has the national team save this staff role, and gives the answer."""

    def role_to(user, role, **fields):
        address = reverse("admin:accounts_user_change", args=[user.pk])
        return sign_in(client, national).post(address, {"staff_role": role, "is_active": "on", **fields})

    return role_to


def test_a_staff_role_is_logged_with_who_gave_it(give, national):
    user = UserFactory()

    give(user, StaffRole.ANALYST)

    assert User.objects.get(pk=user.pk).staff_role == StaffRole.ANALYST
    with tenancy.staff_reading("test"):
        entry = AuditEntry.objects.get(what="staff account changed")
    assert (entry.user, entry.detail) == (
        national,
        {"person": user.email, "staff_role": "analyst", "regions": [], "is_active": True},
    )


def test_a_contributor_who_became_staff_would_read_all_answers(give, contributor):
    answer = give(contributor, StaffRole.HELPDESK)

    assert "takes part for Trafford" in answer.content.decode()
    assert User.objects.get(pk=contributor.pk).staff_role == ""


def test_one_who_takes_part_no_longer_may_become_staff(give, contributor):
    contributor.memberships.update(ended_at=timezone.now())

    give(contributor, StaffRole.HELPDESK)

    assert User.objects.get(pk=contributor.pk).staff_role == StaffRole.HELPDESK

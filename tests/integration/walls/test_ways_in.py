"""Ways around the second factor: other sign-in pages, and addresses that look like ones that need none."""

import pytest
from django.urls import reverse

from accounts.models import StaffRole
from tests.factories import OrganisationFactory, UserFactory
from tests.people import PASSWORD, sign_in

pytestmark = pytest.mark.django_db


def test_the_admin_has_no_sign_in_of_its_own(client, national):
    """Its own page would ask for a password alone, and would know no limit of attempts."""
    login = reverse("admin:login")
    answer = client.post(login, {"username": national.email, "password": PASSWORD, "next": "/admin/"})

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session


def test_no_name_of_an_organisation_spares_staff_the_second_factor(client):
    user = UserFactory(staff_role=StaffRole.HELPDESK)
    OrganisationFactory(name="Healthz partners", slug="healthz-partners")

    answer = sign_in(client, user).get("/healthz-partners/")

    assert answer.url.startswith(reverse("mfa_activate_totp"))

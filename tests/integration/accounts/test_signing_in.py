"""Signing in: the second factor of staff, who cannot sign in, and the log of it."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import ProgrammingError, transaction
from django.urls import reverse

from accounts import actions, tenancy
from accounts.models import AuditEntry, StaffRole, User
from tests.factories import UserFactory
from tests.people import PASSWORD, TOTP_SECRET, sign_in

pytestmark = pytest.mark.django_db


def log_of(user):
    with tenancy.staff_reading("test"):
        return list(AuditEntry.objects.filter(user=user).values_list("what", flat=True).order_by("pk"))


def enter(client, user, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": user.email, "password": password})


@pytest.mark.parametrize("role", [role for role in StaffRole.values if role])
@pytest.mark.parametrize("page", ["/helpdesk/", "/you/", "/admin/", "/register/"])
def test_staff_without_second_factor_are_sent_to_set_one_up(client, role, page):
    user = UserFactory(staff_role=role)

    response = sign_in(client, user).get(page)

    assert response.url == f"{reverse('mfa_activate_totp')}?next={page}"


def test_staff_with_second_factor_enter(client, helpdesk):
    assert sign_in(client, helpdesk).get("/helpdesk/").status_code == 200


def test_password_alone_does_not_sign_staff_in(client, helpdesk):
    response = enter(client, helpdesk)

    assert response.url == reverse("mfa_authenticate")
    assert client.get("/you/").status_code == 302
    code = format_hotp_value(hotp_value(TOTP_SECRET, int(time.time()) // 30))
    client.post(response.url, {"code": code})
    assert client.get("/you/").status_code == 200


def test_others_need_no_second_factor(client, lead):
    enter(client, lead)

    assert client.get("/you/").status_code == 200
    assert not Authenticator.objects.filter(user=lead).exists()


def test_system_account_cannot_sign_in(client):
    system = UserFactory(email="system@mapping.example", password=PASSWORD, is_system=True)

    response = enter(client, system)

    assert response.url == reverse("account_inactive")
    assert client.get("/you/").status_code == 302


def test_address_must_be_confirmed(client):
    user = UserFactory(password=PASSWORD, confirmed=False)

    response = enter(client, user)

    assert response.url == reverse("account_email_verification_sent")


def test_sign_ins_and_failures_are_logged(client, lead):
    enter(client, lead, "wrong password")
    enter(client, lead)

    assert log_of(lead) == ["sign-in failed", "signed in"]


def test_sixth_attempt_on_an_account_is_refused(client, lead):
    for _ in range(5):
        enter(client, lead, "wrong password")

    response = enter(client, lead)

    assert "Too many failed login attempts" in response.content.decode()
    assert client.get("/you/").status_code == 302


def test_log_can_be_written_while_staff_read(organisation, helpdesk):
    with tenancy.staff_reading("test"):
        actions.record("document opened", user=helpdesk, organisation=organisation, document=7)

    with tenancy.scope(organisation):
        entry = AuditEntry.objects.get()
    assert (entry.what, entry.detail) == ("document opened", {"document": 7})


@pytest.mark.parametrize("change", ["update", "delete"])
def test_log_cannot_be_changed(organisation, helpdesk, change):
    actions.record("document opened", user=helpdesk, organisation=organisation)

    with tenancy.scope(organisation):
        entries = AuditEntry.objects.all()
        act = {"update": lambda: entries.update(what="nothing"), "delete": entries.delete}[change]
        with pytest.raises(ProgrammingError, match="history"), transaction.atomic():
            act()
        assert AuditEntry.objects.get().what == "document opened"


def test_lines_of_no_organisation_are_for_staff_alone(lead, organisation, foreign_organisation):
    actions.record("signed in", user=lead)

    with tenancy.scope(organisation, foreign_organisation):
        assert not AuditEntry.objects.exists()
    assert log_of(lead) == ["signed in"]


@pytest.mark.parametrize(
    ("email", "subject", "link"),
    [
        ("lead@trafford.example", "Choose a new password", "/password/reset/key/"),
        ("nobody@trafford.example", "There is no account for this address", "/signup/"),
    ],
)
def test_mails_about_accounts_speak_as_ours(client, lead, mailoutbox, settings, email, subject, link):
    client.post(reverse("account_reset_password"), {"email": email})

    (mail,) = mailoutbox
    assert mail.subject == subject
    assert link in mail.body
    assert mail.body.endswith(settings.HELPDESK["email"])


def test_password_is_changed(client, lead):
    enter(client, lead)
    new = "four odd words 17"

    client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )

    lead.refresh_from_db()
    assert lead.check_password(new)


def test_sign_up_does_not_tell_whether_an_account_exists(client, lead, mailoutbox):
    answers = [
        client.post(
            reverse("account_signup"), {"email": email, "password1": "three odd words 7", "name": "Ruth"}
        ).url
        for email in (lead.email, "new@trafford.example")
    ]

    assert answers[0] == answers[1]
    assert User.objects.filter(email=lead.email).count() == 1

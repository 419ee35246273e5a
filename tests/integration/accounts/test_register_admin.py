"""The admin of the registers: for the national team, and for nothing that belongs to an organisation."""

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import StaffRole, User
from accounts.models.registers import (
    EmailDomain,
    Organisation,
    OrganisationYear,
    Partnership,
    PartnershipMember,
    Region,
)

pytestmark = pytest.mark.django_db

OURS = [model for model in admin.site._registry if model._meta.app_label == "accounts"]


@pytest.fixture
def trafford():
    region = Region.objects.create(gss_code="E12000002", name="North West", slug="north-west", order=2)
    return Organisation.objects.create(
        kind="local_authority",
        name="Trafford",
        slug="trafford",
        code="E08000009",
        la_type="metropolitan",
        region=region,
    )


@pytest.fixture
def sign_in(client):
    """``sign_in(role)`` makes ``client`` a member of staff with a second factor."""

    def as_staff(role):
        user = User.objects.create_user(f"{role}@example.org", name=role, staff_role=role)
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "not used"})
        client.force_login(user)
        return user

    return as_staff


def page(model, name, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_lists_open_for_the_national_team(client, sign_in, trafford, model):
    sign_in(StaffRole.NATIONAL)

    response = client.get(page(model, "changelist"))

    assert response.status_code == 200


@pytest.mark.parametrize("role", [StaffRole.HELPDESK, StaffRole.ANALYST, StaffRole.SUPPORT_WORKER])
@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_lists_stay_shut_for_other_staff(client, sign_in, trafford, model, role):
    sign_in(role)

    response = client.get(page(model, "changelist"))

    assert response.status_code == 302
    assert response.url.startswith(reverse("admin:login"))


def test_no_table_behind_the_wall_is_in_the_admin():
    walled = {model for model in apps.get_models() if hasattr(model.objects, "visible_to")} - {Organisation}

    assert walled.isdisjoint(admin.site._registry)
    assert walled  # the condition finds the tables that it is about


def test_address_of_an_organisation_cannot_be_changed(client, sign_in, trafford):
    sign_in(StaffRole.NATIONAL)

    response = client.get(page(Organisation, "change", trafford.pk))

    assert response.context["adminform"].form.fields.keys().isdisjoint({"slug"})
    assert response.context["adminform"].readonly_fields == ("slug",)


def test_organisation_cannot_be_deleted(client, sign_in, trafford):
    sign_in(StaffRole.NATIONAL)

    response = client.post(page(Organisation, "delete", trafford.pk), {"post": "yes"})

    assert response.status_code == 403
    assert Organisation.objects.filter(pk=trafford.pk).exists()


def test_member_of_a_partnership_is_added_by_hand(client, sign_in, trafford):
    sign_in(StaffRole.NATIONAL)
    partnership = Partnership.objects.create(
        kind="camhs", authority=trafford, name="Trafford CAMHS", year=2009
    )
    rows = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 0, "0-organisation": trafford.pk, "0-basis": "edited"}

    client.post(
        page(Partnership, "change", partnership.pk),
        {"kind": "camhs", "authority": trafford.pk, "name": "Trafford CAMHS", "year": 2009}
        | {f"members-{name}": value for name, value in rows.items()},
    )

    assert list(PartnershipMember.objects.values_list("organisation__name", "basis")) == [
        ("Trafford", "edited")
    ]


def test_domains_come_in_from_a_csv_file(client, sign_in, trafford):
    sign_in(StaffRole.NATIONAL)
    file = SimpleUploadedFile("domains.csv", b"domain,organisation,shared\nTrafford.gov.uk,E08000009,no\n")

    shown = client.post(page(EmailDomain, "import"), {"import_file": file, "format": 0, "resource": 0})
    assert not EmailDomain.objects.exists()  # only a preview so far
    client.post(page(EmailDomain, "process_import"), shown.context["confirm_form"].initial)

    assert list(EmailDomain.objects.values_list("domain", "organisation__slug", "shared")) == [
        ("trafford.gov.uk", "trafford", False)
    ]


def test_import_is_refused_where_the_register_has_changed_since_the_preview(client, sign_in, trafford):
    sign_in(StaffRole.NATIONAL)
    rows = b"domain,organisation,shared\nmail.example,,yes\ntrafford.gov.uk,E08000009,no\n"
    file = SimpleUploadedFile("domains.csv", rows)
    shown = client.post(page(EmailDomain, "import"), {"import_file": file, "format": 0, "resource": 0})
    Organisation.objects.filter(pk=trafford.pk).update(code="E08000099")

    answer = client.post(
        page(EmailDomain, "process_import"), shown.context["confirm_form"].initial, follow=True
    )

    assert [str(m) for m in answer.context["messages"]] == [
        "Nothing was saved: the register has changed meanwhile. Please try again."
    ]
    assert not EmailDomain.objects.exists()


@pytest.mark.parametrize("cells", [b"E08000009,yes", b",no"])
def test_domain_that_is_owned_and_shared_or_neither_is_refused_in_words(client, sign_in, trafford, cells):
    sign_in(StaffRole.NATIONAL)
    file = SimpleUploadedFile("domains.csv", b"domain,organisation,shared\nmail.example," + cells)

    response = client.post(page(EmailDomain, "import"), {"import_file": file, "format": 0, "resource": 0})

    assert "A domain is either shared or belongs to one organisation." in response.content.decode()
    assert "confirm_form" not in response.context


def test_import_says_what_is_wrong_in_words(client, sign_in, trafford):
    sign_in(StaffRole.NATIONAL)
    file = SimpleUploadedFile("years.csv", b"organisation,year,on_register\nE08000009,2009,perhaps\n")

    response = client.post(
        page(OrganisationYear, "import"), {"import_file": file, "format": 0, "resource": 0}
    )

    assert "&#x27;perhaps&#x27; is neither yes nor no" in response.content.decode()
    assert not OrganisationYear.objects.exists()


def test_account_of_commands_is_not_shown(client, sign_in):
    person = sign_in(StaffRole.NATIONAL)
    User.objects.create_user("commands@example.org", name="Commands", is_system=True)

    response = client.get(page(User, "changelist"))

    assert list(response.context["cl"].queryset) == [person]

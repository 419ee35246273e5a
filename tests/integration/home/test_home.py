"""The front page, and the pages that only the demonstration has."""

from datetime import date
from io import StringIO

import pytest
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.demonstration import demo_people, load_people
from accounts.models import Membership, Organisation
from tests.factories import (
    CollectionFactory,
    MembershipFactory,
    OrganisationFactory,
    PartFactory,
    UserFactory,
)
from tests.people import sign_in

pytestmark = pytest.mark.django_db


# -- The front page --------------------------------------------------------------------------------


def test_visitor_reads_where_the_collection_stands(client, organisation, lead, foreign_organisation):
    OrganisationFactory(name="Cheshire", on_register=[2008])
    PartFactory(annual_return__organisation=organisation, decision="signed_off")

    response = client.get("/")

    assert response.context["counts"] == {"asked": 2, "registered": 1, "started": 0, "signed_off": 1}


def test_timetable_shows_where_today_stands(client, at):
    CollectionFactory()

    response = client.get("/")

    assert [(s["when"], s["kind"]) for s in response.context["steps"]] == [
        ("1 October", "past"),
        ("1 November", "past"),
        ("30 November", "past"),
        ("14 January", "now"),
        ("28 February", "coming"),
    ]
    at(date(2010, 3, 1))
    last = client.get("/").context["steps"][-1]
    assert (last["when"], last["words"], last["kind"]) == ("1 March", "Closed", "now")


def test_front_page_stands_without_any_collection(client):
    response = client.get("/")

    assert (response.status_code, response.context["counts"], response.context["map"]) == (200, None, False)


def test_visitor_finds_the_tables_and_the_day_of_closing_in_the_bar(client):
    CollectionFactory()

    response = client.get("/")

    assert [(i["label"], i["current"]) for i in response.context["navigation"]] == [
        ("Home", True),
        ("Tables and reports", False),
        ("Sandbox", False),
    ]
    assert response.context["phase"]["sentence"] == "Data entry closes 28 February: 45 days left"


def test_bar_of_pages_without_an_organisation_leads_back_to_the_own_one(client, lead, organisation):
    sign_in(client, lead)

    response = client.get(reverse("accounts:messages"))

    assert response.context["navigation"][0]["url"] == f"/{organisation.slug}/"


def test_analysts_are_not_sent_to_registrations(client, analyst):
    client.force_login(analyst)

    response = client.get(reverse("reports:tables"))

    assert [i["label"] for i in response.context["navigation"]] == ["Tables and reports"]


@pytest.mark.parametrize(
    ("role", "url"),
    [
        ("lead", "/trafford/"),
        ("contributor", "/trafford/"),
        ("director", "/trafford/"),
        ("outsider", "/barnet/"),
        ("helpdesk", "/helpdesk/"),
        ("support_worker", "/helpdesk/"),
        ("national", "/helpdesk/"),
        ("analyst", "/tables/"),
    ],
)
def test_who_is_signed_in_goes_on_to_their_work(client, people, role, url):
    assert sign_in(client, people[role]).get("/").url == url


def test_who_belongs_nowhere_goes_to_the_own_account(client):
    assert sign_in(client, UserFactory()).get("/").url == reverse("accounts:you")


# -- The demonstration -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["demonstration", "mails"])
def test_pages_of_the_demonstration_are_nowhere_else(client, settings, name):
    settings.DEMONSTRATION = False

    assert client.get(reverse(name)).status_code == 404


@pytest.fixture
def registers():
    OrganisationFactory(name="Trafford")
    OrganisationFactory(name="Trafford PCT", kind="pct", la_type="")
    OrganisationFactory(name="Trafford Healthcare NHS Trust", kind="nhs_trust", la_type="")
    OrganisationFactory(name="Kirklees")
    OrganisationFactory(name="Gateshead")
    OrganisationFactory(name="Cheshire East")


def test_every_account_of_the_demonstration_can_sign_in(client, settings, registers):
    settings.DEMONSTRATION = True
    load_people()

    shown = [person for person, _ in client.get(reverse("demonstration")).context["accounts"]]
    for account in shown:
        client.post(reverse("account_login"), {"login": account.email, "password": account.password})
        if account.code:
            client.post(reverse("mfa_authenticate"), {"code": account.code})
        assert client.get(reverse("accounts:you")).status_code == 200, account.email
        client.logout()
    assert {account.staff_role for account in shown} == {
        "",
        "helpdesk",
        "support_worker",
        "analyst",
        "national",
    }


def test_loading_the_accounts_twice_changes_nothing(registers):
    first = load_people()
    second = load_people()

    assert first == second
    assert Membership.objects.active().count() == 14
    trafford = Organisation.objects.get(slug="trafford")
    assert {m.role for m in trafford.memberships.active()} == {"lead", "deputy", "contributor", "director"}


def test_command_prints_the_sign_ins(settings):
    settings.DEMONSTRATION = True
    out = StringIO()

    call_command("demo_sign_ins", stdout=out)

    assert [line.split()[0] for line in out.getvalue().splitlines()] == [p.email for p in demo_people()]
    assert "code" in out.getvalue()


def test_command_prints_nothing_outside_the_demonstration(settings):
    settings.DEMONSTRATION = False

    with pytest.raises(CommandError, match="demonstration only"):
        call_command("demo_sign_ins")


@pytest.fixture
def mail_folder(settings):
    settings.DEMONSTRATION = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = settings.MAIL_DIR
    return settings.MAIL_DIR


def test_mails_can_be_read_on_a_page(client, mail_folder):
    body = "<script>alert(1)</script> go to https://mapping.example/you/\n" + "-" * 40
    EmailMessage("First é", body, to=["ruth@trafford.example"]).send()
    EmailMessage("Second", "Text", to=["ruth@trafford.example"]).send()

    mails = client.get(reverse("mails")).context["mails"]
    assert {mail["subject"] for mail in mails} == {"First é", "Second"}
    first = next(mail for mail in mails if mail["subject"] == "First é")
    page = client.get(reverse("mails"), {"mail": first["id"]}).content.decode()

    assert "&lt;script&gt;alert(1)" in page
    assert '<a href="https://mapping.example/you/"' in page


@pytest.mark.parametrize("mail", ["../../etc/passwd", "nothing"])
def test_only_mails_are_shown(client, mail_folder, mail):
    assert client.get(reverse("mails"), {"mail": mail}).status_code == 404


def test_page_without_mails_says_so(client, mail_folder):
    assert "No mail has been sent yet" in client.get(reverse("mails")).content.decode()


def test_lead_of_several_organisations_goes_to_the_first(client, organisation, lead, foreign_organisation):
    MembershipFactory(user=lead, organisation=foreign_organisation)

    assert sign_in(client, lead).get("/").url == "/barnet/"

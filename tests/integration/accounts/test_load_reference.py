"""The registers: what the real files give, what a second load does, what is refused."""

import csv
import shutil
from collections import Counter
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.db.models import Sum
from tablib import Dataset

from accounts.loading.reference import load_reference
from accounts.loading.rows import RegisterError
from accounts.models import StaffRole, User
from accounts.models.registers import (
    EmailDomain,
    Hexagon,
    MemberBasis,
    Organisation,
    OrganisationYear,
    Partnership,
    PartnershipKind,
    PCTCoverage,
    Population,
    PostcodeArea,
    Region,
    StrategicHealthAuthority,
    Succession,
)
from accounts.resources import OrganisationYearResource

REFERENCE = settings.BASE_DIR / "fixtures" / "reference"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker):
    """The real registers, loaded once for all tests of this file; each test sees them untouched."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_reference(REFERENCE)
        transaction.set_rollback(True)


@pytest.fixture
def outcomes(_loaded, db):
    """What the load of the real registers reported, by register."""
    return {outcome.register: outcome for outcome in _loaded}


@pytest.fixture
def copied(tmp_path):
    """A copy of the reference files that a test may change."""
    return shutil.copytree(REFERENCE, tmp_path / "reference")


def change_row(path, key, value, **cells):
    """In the CSV file at ``path`` give the row whose column ``key`` holds ``value`` these ``cells``."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row[key] == value:
            row.update(cells)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def test_first_load_adds_every_row(outcomes):
    assert {name: outcome.added for name, outcome in outcomes.items()} == {
        "regions": 9,
        "strategic health authorities": 10,
        "local authorities": 154,
        "primary care trusts": 152,
        "NHS trusts": 226,
        "years of organisations": 4 * (154 + 152 + 226),
        "PCT coverage": 169,
        "successions": 4,
        "populations": 1064,
        "hexagons": 154,
        "postcode areas": 2308,
        "e-mail domains": EmailDomain.objects.count(),
        "partnerships": 2 * (150 + 150 + 152 + 152),
        "members of partnerships": sum(p.members.count() for p in Partnership.objects.all()),
    }


def test_first_load_fills_the_tables(outcomes):
    models = (Region, StrategicHealthAuthority, PCTCoverage, Succession, Population, Hexagon, PostcodeArea)

    assert [model.objects.count() for model in models] == [9, 10, 169, 4, 1064, 154, 2308]
    assert Counter(Organisation.objects.values_list("kind", flat=True)) == {
        "local_authority": 154,
        "pct": 152,
        "nhs_trust": 226,
    }


@pytest.mark.parametrize(("year", "number"), [(2007, 150), (2008, 150), (2009, 152), (2010, 152)])
def test_register_of_a_year_has_its_authorities(outcomes, year, number):
    assert Organisation.objects.local_authorities().on_register(year).count() == number


@pytest.mark.parametrize(
    ("year", "by_type"),
    [
        (2008, {"london_borough": 33, "metropolitan": 36, "unitary": 47, "county": 34}),
        (2009, {"london_borough": 33, "metropolitan": 36, "unitary": 56, "county": 27}),
    ],
)
def test_register_of_a_year_has_the_types_of_that_year(outcomes, year, by_type):
    years = OrganisationYear.objects.filter(year=year, organisation__kind="local_authority", on_register=True)

    assert Counter(years.values_list("la_type", flat=True)) == by_type


@pytest.mark.parametrize(
    ("year", "by_region"),
    [(2008, (12, 22, 15, 9, 14, 10, 33, 19, 16)), (2009, (12, 23, 15, 9, 14, 11, 33, 19, 16))],
)
def test_register_of_a_year_by_region(outcomes, year, by_region):
    authorities = Organisation.objects.local_authorities().on_register(year)

    assert tuple(authorities.filter(region=region).count() for region in Region.objects.all()) == by_region


def test_trust_is_on_the_register_while_it_was_open(outcomes):
    opened_april_2009 = Organisation.objects.get(code="RYQ")
    closed_march_2010 = Organisation.objects.get(code="RV7")

    assert [y.on_register for y in opened_april_2009.years.all()] == [False, False, True, True]
    assert [y.on_register for y in closed_march_2010.years.all()] == [True, True, True, False]


def test_flags_that_are_not_known_are_none(outcomes):
    flags = OrganisationYear.objects.values_list(
        "organisation__kind", "commissioner", "child_health_provider"
    )

    assert set(flags) == {
        ("local_authority", None, None),
        ("pct", True, None),
        ("nhs_trust", None, None),
    }


def test_authority_keeps_its_codes_names_and_address(outcomes):
    northumberland = Organisation.objects.get(code="E06000057")

    assert northumberland.slug == "northumberland"
    assert northumberland.full_name == "Northumberland County Council"
    assert northumberland.other_codes == {
        "dfe": "929",
        "ons_2009": "00EM",
        "ons_2008": "35",
        "gss_2011": "E06000048",
        "gss_2008": "E10000022",
    }


def test_trust_without_known_headquarters_has_none(outcomes):
    unknown = Organisation.objects.nhs_trusts().filter(headquarters_authority=None)

    assert sorted(unknown.values_list("code", flat=True)) == ["TAD", "TAE", "TAF", "TAH", "TAJ"]
    assert not unknown.exclude(headquarters_postcode="", region=None).exists()


def test_every_authority_has_one_pct_or_several_parts(outcomes):
    for authority in Organisation.objects.local_authorities().on_register(2009):
        coverage = Counter(authority.pcts_covering.values_list("coverage", flat=True))

        assert coverage == {"whole": 1} or (set(coverage) == {"part"} and coverage["part"] > 1), authority


def test_successors_of_the_abolished_counties(outcomes):
    successions = Succession.objects.values_list("predecessor__name", "successor__name", "year")

    assert sorted(successions) == [
        ("Bedfordshire", "Bedford", 2009),
        ("Bedfordshire", "Central Bedfordshire", 2009),
        ("Cheshire", "Cheshire East", 2009),
        ("Cheshire", "Cheshire West and Chester", 2009),
    ]


def test_populations_add_up_to_england(outcomes):
    children = Population.objects.filter(age_band="0-17").aggregate(total=Sum("persons"))

    assert children["total"] == 11_677_856


@pytest.mark.parametrize("year", [2008, 2009])
def test_hexagons_of_one_list_do_not_overlap(outcomes, year):
    hexagons = Hexagon.objects.filter(authority__in=Organisation.objects.on_register(year))

    assert len(set(hexagons.values_list("q", "r"))) == hexagons.count() == {2008: 150, 2009: 152}[year]
    assert set(hexagons.values_list("used_in_list", flat=True)) == {"both", str(year)}


def test_postcode_area_tells_the_authorities_it_lies_in(outcomes):
    area = PostcodeArea.objects.get(outcode="M33")

    assert area.main_authority.name == "Trafford"
    assert area.authorities["E08000009"] == max(area.authorities.values())


def test_shared_mail_domains_belong_to_nobody(outcomes):
    assert EmailDomain.objects.filter(shared=False).count() == 0
    assert {"nhs.net", "gmail.com"} <= set(EmailDomain.objects.values_list("domain", flat=True))


def test_domain_of_an_organisation_approves_its_own_addresses_only(outcomes):
    trafford, salford = Organisation.objects.filter(slug__in=["trafford", "salford"]).order_by("-name")
    EmailDomain.objects.create(domain="trafford.gov.uk", organisation=trafford)

    assert EmailDomain.objects.owned_by(trafford, "Ann.Lee@Trafford.gov.uk").exists()
    assert not EmailDomain.objects.owned_by(salford, "ann.lee@trafford.gov.uk").exists()
    assert not EmailDomain.objects.owned_by(trafford, "ann.lee@nhs.net").exists()


@pytest.mark.parametrize("shared", [True, False])
def test_domain_is_either_shared_or_owned(outcomes, shared):
    owner = Organisation.objects.get(slug="trafford") if shared else None

    with pytest.raises(IntegrityError), transaction.atomic():
        EmailDomain.objects.create(domain="mail.example", organisation=owner, shared=shared)


def test_partnership_is_seeded_with_those_who_serve_the_area(outcomes):
    trust = Partnership.objects.get(
        kind=PartnershipKind.CHILDRENS_TRUST, authority__slug="tameside", year=2009
    )

    assert trust.name == "Tameside Children's Trust"
    assert set(trust.members.values_list("organisation__slug", "basis")) == {
        ("tameside", MemberBasis.AUTHORITY),
        ("tameside-and-glossop-pct", MemberBasis.COVERS),
        *((slug, MemberBasis.HEADQUARTERS) for slug in headquarters_in("tameside")),
    }


def headquarters_in(slug):
    trusts = Organisation.objects.filter(headquarters_authority__slug=slug).values_list("slug", flat=True)
    assert trusts, f"no trust has its headquarters in {slug}"
    return trusts


def test_partnership_of_an_abolished_county_has_those_of_its_successors(outcomes):
    county = Partnership.objects.get(kind=PartnershipKind.CAMHS, authority__slug="cheshire", year=2008)

    pcts = county.members.filter(basis=MemberBasis.COVERS).values_list("organisation__name", flat=True)

    assert set(pcts) == {"Central and Eastern Cheshire PCT", "Western Cheshire PCT"}
    assert not Partnership.objects.filter(authority__slug="cheshire", year=2009).exists()


def test_second_load_changes_nothing(outcomes):
    again = {outcome.register: outcome for outcome in load_reference(REFERENCE)}

    assert {name: (o.added, o.changes) for name, o in again.items()} == dict.fromkeys(outcomes, (0, []))
    assert {name: o.unchanged for name, o in again.items()} == {n: o.added for n, o in outcomes.items()}


def test_load_says_what_a_changed_file_changed(outcomes, copied):
    change_row(copied / "local_authorities.csv", "code", "E08000009", name="Greater Trafford", slug="moved")

    again = {outcome.register: outcome for outcome in load_reference(copied)}

    assert again["local authorities"].changes == ["E08000009: name 'Trafford' is now 'Greater Trafford'"]
    assert sum(outcome.changed for outcome in again.values()) == 1
    assert Organisation.objects.get(code="E08000009").slug == "trafford"


def test_load_leaves_flags_that_people_filled_in(outcomes):
    filled = OrganisationYear.objects.get(organisation__code="RP4", year=2009)
    filled.camhs_provider = True
    filled.save()

    load_reference(REFERENCE)

    filled.refresh_from_db()
    assert filled.camhs_provider is True


def test_load_leaves_partnerships_that_people_edited(outcomes):
    partnership = Partnership.objects.get(kind="camhs", authority__slug="tameside", year=2009)
    partnership.members.filter(basis=MemberBasis.HEADQUARTERS).delete()
    before = set(partnership.members.values_list("organisation__slug", flat=True))

    load_reference(REFERENCE)

    assert set(partnership.members.values_list("organisation__slug", flat=True)) == before


@pytest.mark.parametrize(
    ("file", "key", "value", "cells", "message"),
    [
        ("pct_coverage", "pct", "5A3", {"pct": "XXX"}, "line 2: nothing is called 'XXX'"),
        ("organisation_years", "organisation", "5A3", {"on_register": "maybe"}, "neither yes nor no"),
        ("local_authorities", "code", "E08000009", {"la_type": "village"}, "'village' is not a valid"),
        ("regions", "gss_code", "E12000001", {"order": "first"}, "line 2: invalid literal"),
        ("regions", "gss_code", "E12000001", {"gss_code": "E12000002"}, "the same gss_code twice"),
        ("populations", "persons", "5530", {"persons": "-1"}, "populations.csv: new row"),
    ],
)
def test_load_refuses_a_wrong_file_and_keeps_everything(outcomes, copied, file, key, value, cells, message):
    change_row(copied / "regions.csv", "gss_code", "E12000009", name="Far West")
    change_row(copied / f"{file}.csv", key, value, **cells)

    with pytest.raises(RegisterError, match=message) as refused:
        load_reference(copied)

    assert str(refused.value).startswith(f"{file}.csv")
    assert Region.objects.get(gss_code="E12000009").name == "South West"


def test_command_refuses_a_directory_without_the_files(db, tmp_path):
    with pytest.raises(CommandError, match=r"Nothing was loaded. regions.csv cannot be read: No such file"):
        call_command("load_reference", directory=tmp_path)


def test_command_keeps_nothing_when_a_later_file_is_wrong(outcomes, copied):
    change_row(copied / "regions.csv", "gss_code", "E12000009", name="Far West")
    change_row(copied / "collections.csv", "year", "2009", census_date="winter")

    with pytest.raises(CommandError, match="collections.csv, line 4"):
        call_command("load_reference", directory=copied)

    assert Region.objects.get(gss_code="E12000009").name == "South West"


def test_command_reports_each_register_and_its_changes(outcomes, copied):
    change_row(copied / "regions.csv", "gss_code", "E12000009", name="Far West")
    out = StringIO()

    call_command("load_reference", directory=copied, stdout=out)

    assert out.getvalue().splitlines()[:3] == [
        "regions:                           0 added     1 changed     8 unchanged",
        "    E12000009: name 'South West' is now 'Far West'",
        "strategic health authorities:      0 added     0 changed    10 unchanged",
    ]


@pytest.mark.parametrize(
    ("role", "number"),
    [(StaffRole.HELPDESK, 532), (StaffRole.ANALYST, 532), (StaffRole.NATIONAL, 532), (StaffRole.NONE, 1)],
)
def test_visible_to_gives_staff_all_and_members_their_own(outcomes, role, number):
    user = User.objects.create_user("ann@example.org", name="Ann", staff_role=role)
    user.memberships.create(organisation=Organisation.objects.get(slug="trafford"), role="lead")

    assert Organisation.objects.visible_to(user).count() == number


def test_visible_to_gives_support_workers_their_regions(outcomes):
    worker = User.objects.create_user("ann@example.org", name="Ann", staff_role=StaffRole.SUPPORT_WORKER)
    worker.regions.add(Region.objects.get(slug="north-west"))

    seen = Organisation.objects.visible_to(worker)

    assert set(seen.values_list("region__slug", flat=True)) == {"north-west"}
    assert seen.count() == Organisation.objects.filter(region__slug="north-west").count()


def test_flags_come_in_by_file_in_the_admin(outcomes):
    table = Dataset(headers=["organisation", "year", "on_register", "la_type", "camhs_provider"])
    table.append(["RP4", "2009", "yes", "", "yes"])

    result = OrganisationYearResource().import_data(table, dry_run=False, raise_errors=True)

    assert result.totals["update"] == 1
    assert OrganisationYear.objects.get(organisation__code="RP4", year=2009).camhs_provider is True
    assert OrganisationYear.objects.filter(camhs_provider=True).count() == 1


def test_admin_says_which_code_is_not_known(outcomes):
    table = Dataset(headers=["organisation", "year", "on_register"])
    table.append(["R00", "2009", "yes"])

    result = OrganisationYearResource().import_data(table, dry_run=True)

    errors = [str(error.error) for row in result.rows for error in row.errors]
    assert "no organisation on the register has the code R00" in str(errors + list(result.invalid_rows))
    assert OrganisationYear.objects.filter(camhs_provider=True).count() == 0

"""What profiles say is what was answered: own sums, comparisons, suppression, the same whenever they are made."""

import re
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from statistics import median
from zoneinfo import ZoneInfo

import page
import pikepdf
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Organisation
from mapping.returns.models import Collection
from reports.profiles.figures import HELD_BACK, NO_RETURN, NOT_ASKED, Lacking, Status, Value
from reports.profiles.local_authority import figures_of, profile_document
from reports.profiles.render import render_pdf
from reports.profiles.sources import read_sources
from tests.data import profile_answers

pytestmark = pytest.mark.django_db
TRAFFORD, BARNET = "E08000009", "E09000003"
SERVICES = 14


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """Six authorities of the North West in two collections, signed off; loaded once for this module."""
    the_day_before = datetime(2010, 1, 13, 10, tzinfo=ZoneInfo("Europe/London"))
    with django_db_blocker.unblock(), time_machine.travel(the_day_before, tick=False):
        call_command("load_reference", verbosity=0)
        path = profile_answers.write(tmp_path_factory.mktemp("answers") / "services.csv", services=SERVICES)
        call_command("import_answers", path, "--sign-off", verbosity=0)
        yield
        call_command("flush", interactive=False, reset_sequences=False, verbosity=0)


def sources_of(code=TRAFFORD, year=2009, *, is_draft=False, moment=None):
    authority = Organisation.objects.select_related("region").get(code=code)
    collection = Collection.objects.get(year=year)
    return read_sources(authority, collection, moment=moment or timezone.now(), is_draft=is_draft)


def figures(**options):
    return figures_of(sources_of(**options), Status(timezone.now().date(), 1))


def answered(question, column="", row="", place=0, year=1, services=SERVICES):
    """The sum of what the services of an authority answered, straight from the lines that were loaded."""
    return sum(
        Decimal(str(value))
        for number in range(services)
        for asked, at_row, at_column, value in profile_answers.answers(number, place, year)
        if asked == question and column == at_column and row in ("", at_row)
    )


def key_figure(found, code):
    return next(one for one in found.key_figures if one.code == code)


def test_own_figures_are_the_sums_of_the_answers(loaded):
    found = figures()

    this_year = found.activity.years[-1]
    assert found.service_count == SERVICES
    assert this_year.caseload == Value(answered("SVC-F01"), "")
    assert this_year.waiting == Value(answered("SVC-F05"), "")
    assert found.workforce.total.wte == Value(answered("SVC-E01", "wte"), "")
    assert found.workforce.total.vacant == Value(answered("SVC-E01", "vac"), "")
    assert [band.own.number for band in found.activity.new_waits] == [
        answered("SVC-F07", "n", row) for row in ("w1", "w2", "w3", "w4", "w5")
    ]


def test_last_year_stands_beside_this_one(loaded):
    found = figures()

    before, now = found.activity.years
    assert (before.year, now.year) == ("2008/09", "2009/10")
    assert before.caseload == Value(answered("SVC-F01", year=0), "")
    assert found.collection.last_year == "2008/09"
    assert {line.services_last_year for line in found.categories} == {Value(2, "")}


def test_rates_divide_by_resident_children(loaded):
    found = figures()

    children = found.authority.under_18s
    assert children > 40_000
    assert found.authority.population_year == 2015
    assert key_figure(found, "A06i").figures.own.number == answered("SVC-F01") * 10_000 / children
    assert key_figure(found, "P01").figures.own.number == Decimal(SERVICES * 10_000) / children


def test_region_is_the_median_of_its_authorities(loaded):
    found = key_figure(figures(), "W04")

    rates = [
        answered("SVC-E01", "vac", place=place)
        * 100
        / (answered("SVC-E01", "vac", place=place) + answered("SVC-E01", "wte", place=place))
        for place in range(6)
    ]
    assert found.figures.region.number == median(rates)
    assert found.spread.authorities == 6
    assert (found.spread.lowest, found.spread.highest) == (min(rates), max(rates))


def test_parts_of_a_whole_are_compared_with_all_authorities_together(loaded):
    shares = figures().activity.age_shares

    together = [
        sum(answered("SVC-F09", "n", row, place) for place in range(6)) for row in profile_answers.AGES
    ]
    known = sum(together[:-1])
    assert shares.region == tuple(part * 100 / known for part in together[:-1])
    assert shares.england == shares.region


def test_categories_add_up_to_the_services(loaded):
    lines = figures().categories

    assert [line.code for line in lines] == ["08", "11", "14", "15", "17", "22", "23"]
    assert {line.code: line.sectors for line in lines}["15"] == (0, 0, 2, 0)
    assert {line.code: line.tiers for line in lines}["17"] == (0, 0, 2, 0)
    assert [line.caseload for line in lines if not line.holding] == [NOT_ASKED, NOT_ASKED]


def test_fewer_than_five_authorities_are_not_compared_with(loaded, tmp_path):
    only = profile_answers.write(tmp_path / "barnet.csv", authorities=(BARNET,), services=SERVICES)
    call_command("import_answers", only, "--sign-off", verbosity=0)

    found = figures(code=BARNET)

    assert key_figure(found, "A06i").figures.region == NOT_ASKED
    assert key_figure(found, "A06i").figures.england.is_shown
    assert found.tier_shares.region is None


def test_authority_without_a_return_keeps_its_sections_and_says_why(loaded):
    found = figures(code=BARNET)

    sections = (found.categories, found.workforce, found.activity, found.trust)
    assert all(isinstance(section, Lacking) for section in sections)
    assert {one.figures.own for one in found.key_figures} == {NO_RETURN}
    assert [gap.state for gap in found.gaps] == ["no return"] * 4


@pytest.fixture
def few_children(loaded, tmp_path):
    """Barnet, with one service of three children on its caseload beside thirteen ordinary ones."""
    path = profile_answers.write(tmp_path / "few.csv", authorities=(BARNET,), collections=("2009/10",))
    kept = [line for line in path.read_text().splitlines() if not re.search(r",S0001,SVC-F0[1-9]", line)]
    kept += [f"2009/10,{BARNET},S0001,SVC-F01,,,3", f"2009/10,{BARNET},S0008,SVC-F01,,,1"]
    kept = [line for line in kept if not line.startswith(f"2009/10,{BARNET},S0008,SVC-F01,,,8")]
    path.write_text("\n".join(dict.fromkeys(kept)) + "\n")
    call_command("import_answers", path, "--sign-off", verbosity=0)


def test_final_profile_holds_small_numbers_back_and_one_more(few_children):
    lines = {line.code: line for line in figures(code=BARNET).categories}

    marks = [line.caseload.mark for line in lines.values() if line.holding]
    assert lines["08"].caseload == Value(mark="<5")
    assert marks.count("<5") == 1
    assert marks.count("*") == 1


def test_draft_shows_the_organisation_its_own_small_numbers(few_children):
    lines = {line.code: line for line in figures(code=BARNET, is_draft=True).categories}

    assert lines["08"].caseload == Value(Decimal(4), "")
    assert HELD_BACK not in [line.caseload for line in lines.values()]


def test_draft_shows_answers_that_nobody_has_signed_off(loaded, tmp_path):
    path = profile_answers.write(tmp_path / "open.csv", authorities=(BARNET,), collections=("2009/10",))
    call_command("import_answers", path, verbosity=0)

    draft = figures(code=BARNET, is_draft=True)

    assert draft.service_count == SERVICES
    assert draft.activity.years[-1].caseload.is_shown
    assert isinstance(figures(code=BARNET).activity, Lacking)


def test_profile_of_a_moment_knows_nothing_later(loaded, at, tmp_path):
    moment = timezone.now()
    before = render_pdf(document(moment=moment))
    at(timezone.now().date().replace(month=2))
    later = profile_answers.write(tmp_path / "later.csv", authorities=(BARNET,), services=SERVICES)
    call_command("import_answers", later, "--sign-off", verbosity=0)

    assert render_pdf(document(moment=moment)) == before
    assert key_figure(figures(), "W04").spread.authorities == 7
    assert key_figure(figures(moment=moment), "W04").spread.authorities == 6


def document(*, moment=None, is_draft=False):
    authority = Organisation.objects.select_related("region").get(code=TRAFFORD)
    return profile_document(
        authority,
        Collection.objects.get(year=2009),
        moment=moment or timezone.now(),
        is_draft=is_draft,
        day=timezone.now().date(),
    )


def test_reading_runs_no_query_for_each_service(loaded, tmp_path):
    few = profile_answers.write(tmp_path / "few.csv", authorities=(BARNET,), services=3)
    call_command("import_answers", few, "--sign-off", verbosity=0)
    counts = []
    for code in (TRAFFORD, BARNET):
        for is_draft in (False, True):
            sources_of(code=code, is_draft=is_draft)  # fills what is kept in memory
            with CaptureQueriesContext(connection) as queries:
                sources_of(code=code, is_draft=is_draft)
            counts.append(len(queries))

    assert counts[:2] == counts[2:]
    assert max(counts) <= 60


@pytest.mark.parametrize("options", [(), ("--draft",)])
def test_command_writes_a_tagged_pdf_of_embedded_fonts(loaded, tmp_path, options):
    path = tmp_path / "profile.pdf"

    call_command(
        "make_profile", "local-authority", TRAFFORD, *options, collection="2009/10", output=path, verbosity=0
    )

    content = path.read_bytes()
    assert len(content) < 1_000_000
    assert "no failures" in str(page.validate_pdf(str(path), profile=page.ValidationProfile.PDF_UA_1))
    with pikepdf.open(BytesIO(content)) as pdf:
        fonts = {
            str(font.get("/BaseFont"))
            for one in pdf.pages
            for font in one.Resources.get("/Font", {}).values()
        }
    assert fonts and all("Source-Sans-3" in font or "SourceSans3" in font for font in fonts)


def test_command_writes_the_same_bytes_twice(loaded, tmp_path):
    for name in ("first.pdf", "second.pdf"):
        call_command(
            "make_profile",
            "local-authority",
            TRAFFORD,
            collection="2009/10",
            output=tmp_path / name,
            verbosity=0,
        )

    assert (tmp_path / "first.pdf").read_bytes() == (tmp_path / "second.pdf").read_bytes()


@pytest.mark.parametrize(
    ("code", "collection", "words"),
    [
        ("E99999999", "2009/10", "not the code of a local authority"),
        (TRAFFORD, "2019/20", "no collection 2019/20"),
        ("E06000049", "2008/09", "not on the register of 2008/09"),
    ],
)
def test_command_says_what_it_cannot_make(loaded, tmp_path, code, collection, words):
    with pytest.raises(CommandError, match=words):
        call_command(
            "make_profile", "local-authority", code, collection=collection, output=tmp_path / "none.pdf"
        )

    assert not (tmp_path / "none.pdf").exists()


def test_trust_answers_stand_beside_those_of_england(loaded, tmp_path):
    lines = [",".join(profile_answers.HEADER)]
    for authority in profile_answers.NORTH_WEST:
        joint = "yes" if authority == TRAFFORD else "no"
        lines += [f"2009/10,{authority},,CTQE2,j01,joint,{joint}", f"2009/10,{authority},,CTQB1,,,director"]
    lines += [
        f"2009/10,{TRAFFORD},,CTQE2,j01,form,pooled",
        f"2009/10,{TRAFFORD},,CTQE2,j01,partners,5NR",
        f"2009/10,{TRAFFORD},,CTQE6,1,area,j05",
        f"2009/10,{TRAFFORD},,CTQE6,1,reason,contract",
    ]
    path = tmp_path / "trust.csv"
    path.write_text("\n".join(lines) + "\n")
    call_command("import_answers", path, "--sign-off", verbosity=0)

    trust = figures().trust

    camhs = trust.joint[0]
    assert (camhs.area, camhs.joint, camhs.last_year, camhs.form) == (
        "CAMHS",
        "Yes",
        "no return",
        "pooled budget",
    )
    assert camhs.partners == "Trafford PCT"
    assert camhs.england.number == Decimal(100) / 6
    assert trust.ended_reasons == (("Youth offending", "end of contract"),)
    assert [(row.name, row.own, row.england.number) for row in trust.chairs] == [
        ("Director of Children's Services", "Yes", 100)
    ]
    assert (trust.compared, trust.compared_region, trust.eligible) == (6, 6, 152)


def test_partners_are_listed_with_the_state_of_their_return(loaded):
    expected = figures().expected

    assert [(one.partner, one.state) for one in expected] == [
        ("Trafford Metropolitan Borough Council", "Not signed off"),
        ("Trafford Healthcare NHS Trust", "No return"),
        ("Trafford PCT", "No return"),
    ]


def test_little_data_shows_numbers_and_no_rates(loaded, tmp_path):
    few = profile_answers.write(tmp_path / "few.csv", authorities=(BARNET,), services=5)
    call_command("import_answers", few, "--sign-off", verbosity=0)

    found = figures(code=BARNET)

    assert [one.code for one in found.key_figures] == ["P01", "W01", "W04", "A04i", "A02i", "A08i"]
    assert key_figure(found, "P01").figures.own == Value(5, "")
    assert all(one.why_not for one in found.key_figures)
    assert found.tier_shares.own is None

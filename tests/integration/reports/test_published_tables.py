"""The tables that the exercise published come out of the answers behind them, to the digit, by the commands."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mapping.returns.models import Collection
from reports.actions import compute_area_figures
from tests.data import trust_tables

pytestmark = pytest.mark.django_db
PUBLISHED = Path(__file__).parents[2] / "data" / "published_results.csv"
COLLECTIONS = {"2008": "2008/09", "2009": "2009/10"}
BOARD_MEASURES = {
    "% on Board": "on_board",
    "No response to Board question": "no_response",
    "Org Head/CE": "head",
    "Senior officer": "senior",
    "Other": "other",
    "Representation level not stated": "level_not_stated",
}


@pytest.fixture(scope="module")
def published():
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """The registers and the answers, loaded once for this module; each test takes back what it adds."""
    with django_db_blocker.unblock():
        call_command("load_reference", verbosity=0)
        path = trust_tables.write(tmp_path_factory.mktemp("answers") / "trust.csv")
        call_command("import_answers", path, "--sign-off")
        yield
        call_command("flush", interactive=False, reset_sequences=False, verbosity=0)


def export(tmp_path, code, *options):
    """The lines of a table as the command writes it."""
    path = tmp_path / f"{code}.csv"
    call_command("export_table", code, *options, "--output", path)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def both_years(tmp_path, code, *options):
    return export(
        tmp_path, code, "--collection", "2008/09", "--collection", "2009/10", "--set", "common", *options
    )


def plain(label):
    """A label without the differences of type between the print and the questionnaire."""
    return label.casefold().replace("/ ", "/").replace(" or ", "/")


def test_board_table_comes_out_as_published(loaded, published, tmp_path):
    ours = {
        (plain(line["item_label"]), line["collection"], line["measure"]): line["value"]
        for line in both_years(tmp_path, "T01")
    }
    printed = [row for row in published if row["table"] == "Table 1"]
    expected = {
        (plain(row["item"]), COLLECTIONS[row["year"]], BOARD_MEASURES[row["measure"]]): row["value"] or "N/A"
        for row in printed
    }
    # The print says 21, and its three shares add up to 98: no whole numbers give them.
    expected["pct commissioner", "2008/09", "senior"] = "23"

    assert len(expected) == len(printed) == 105
    assert {key: ours.get(key) for key in expected} == expected


def test_pct_commissioner_of_2008_has_shares_that_add_up(loaded, tmp_path):
    lines = [line for line in both_years(tmp_path, "T01") if line["item"] == "b02"]

    shown = {
        line["measure"]: (line["value"], line["base"]) for line in lines if line["collection"] == "2008/09"
    }

    assert shown == {
        "on_board": ("99", "74"),
        "no_response": ("0", "74"),
        "head": ("76", "71"),
        "senior": ("23", "71"),
        "other": ("1", "71"),
        "level_not_stated": ("2", "73"),
    }


def test_other_agencies_have_the_bases_that_the_text_gives(loaded, published, tmp_path):
    lines = both_years(tmp_path, "T01")
    shown = {
        line["item_label"]: (line["value"], line["base"])
        for line in lines
        if (line["collection"], line["measure"]) == ("2009/10", "on_board")
    }
    printed = {
        row["item"].removesuffix(" represented on Board"): (row["value"], row["base_n"])
        for row in published
        if row["table"] == "text" and row["item"].endswith("represented on Board") and row["numerator"]
    }

    assert len(printed) == 6
    assert {label: shown[label] for label in printed} == printed


def test_joint_commissioning_comes_out_as_published(loaded, published, tmp_path):
    ours = {
        (plain(line["item_label"]), line["collection"], line["measure"]): line["value"]
        for line in both_years(tmp_path, "T09")
    }
    expected = {}
    for row in published:
        if row["table"] == "Table 2":
            measure = "change" if row["year"] == "2008-2009" else "joint"
            collection = COLLECTIONS[row["year"].rpartition("-")[2]]
            expected[plain(row["item"]), collection, measure] = row["value"] or "N/A"

    assert ours == expected


def test_joint_commissioning_is_ordered_by_its_latest_share(loaded, tmp_path):
    lines = both_years(tmp_path, "T09")

    order = list(dict.fromkeys(line["item"] for line in lines))

    assert order[:3] == ["j01", "j02", "j03"]
    assert order[-3:] == ["j12", "j13", "j14"]


def test_strategy_is_of_those_that_answered(loaded, published, tmp_path):
    printed = [row["value"] for row in published if row["item"].startswith("Joint commissioning strategy")]

    assert [line["value"] for line in both_years(tmp_path, "T08")] == printed


def test_response_rate_of_2008_has_its_150_authorities_as_base(loaded, tmp_path):
    lines = export(tmp_path, "R02", "--collection", "2008/09", "--level", "region")

    bases = Counter()
    for line in lines:
        bases[line["item"]] += int(line["base"])

    assert bases["local_authority"] == 150
    assert bases["pct"] == 152


def test_comparison_set_has_the_published_share_of_each_region(loaded, published, tmp_path):
    lines = both_years(tmp_path, "R05", "--level", "region")
    names = {"Yorkshire and The Humber": "Yorkshire and the Humber", "East of England": "East"}
    shown = {
        names.get(line["area_name"], line["area_name"]): line["value"]
        for line in lines
        if line["collection"] == "2008/09"
    }
    printed = {
        row["item"]: row["value"]
        for row in published
        if row["measure"] == "% of LAs of the region in the subset"
    }

    assert shown == printed


def test_common_set_leaves_out_who_answered_once_only(loaded, tmp_path):
    extra = tmp_path / "extra.csv"
    extra.write_text(
        ",".join(trust_tables.HEADER) + "\n2009/10,E06000053,,CTQE2,j01,joint,yes\n", encoding="utf-8"
    )
    call_command("import_answers", extra, "--sign-off")

    common = {
        line["base"] for line in both_years(tmp_path, "T09") if line["measure"] == "joint" and line["base"]
    }
    everyone = export(tmp_path, "T09", "--collection", "2009/10", "--set", "all")

    assert common == {"74"}
    assert {line["base"] for line in everyone} == {"75"}


def test_level_authority_gives_the_answers_themselves(loaded, tmp_path):
    lines = export(tmp_path, "T09", "--collection", "2009/10", "--level", "authority")

    answers = Counter(line["value"] for line in lines if line["item"] == "j01")

    assert answers == {"yes": 62, "no": 12, "no return": 152 - 74}


def test_regions_add_up_to_england(loaded, tmp_path):
    lines = both_years(tmp_path, "T09", "--level", "region")

    bases = [int(line["base"]) for line in lines if line["item"] == "j01" and line["measure"] == "joint"]

    assert sum(bases) == 2 * 74


def test_figures_are_computed_in_few_statements_however_many_facts(loaded):
    collection = Collection.objects.get(year=2009)

    with CaptureQueriesContext(connection) as queries:
        compute_area_figures(collection)

    assert len(queries) <= 30

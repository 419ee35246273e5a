import csv
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts import tenancy
from mapping.returns import actions
from mapping.returns.models import AnnualReturn, ReturnEvent, ServiceEntry
from tests.factories import PartFactory

FILE = """Service name,Description,Postcode
Sure Start Sale,Children's centre for families with children under 5,M33 7ZF
Memory cafe,For people with dementia aged 65 and over,M33 2AA
Talk it over,Counselling in town,M32 1AA
Sure Start Sale,Children's centre for families with children under 5,M33 1XX
"=1+1",A formula,
"""


@pytest.fixture
def directory(tmp_path):
    path = tmp_path / "directory.csv"
    path.write_text(FILE, encoding="utf-8")
    return path


def run(*arguments, **options):
    out = StringIO()
    call_command("import_services", *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def names_of(organisation):
    with tenancy.scope(organisation):
        return list(ServiceEntry.objects.values_list("name", "category", "collection__year"))


@pytest.mark.parametrize("called", ["E08000009", "trafford", "Trafford Council", "e08000009"])
def test_suggested_categories_are_taken_and_the_rest_left_out(organisation, collection, directory, called):
    out = run(called, directory)

    assert names_of(organisation) == [("Sure Start Sale", "14", 2009)]
    assert "added: 1" in out
    assert "5 rows read, saved for Trafford, 2009/10" in out


def test_report_says_what_became_of_each_row(organisation, collection, directory, tmp_path):
    report = tmp_path / "report.csv"

    run("trafford", directory, report=report)

    with report.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert list(lines[0]) == ["row", "name", "outcome", "category", "reason"]
    assert [(line["row"], line["outcome"]) for line in lines] == [
        ("1", "added"), ("2", "not_children"), ("3", "no_category"), ("4", "duplicate"), ("5", "refused"),
    ]  # fmt: skip
    assert lines[0]["category"] == "14"
    assert all(line["reason"] for line in lines[1:])


def test_dry_run_reports_and_saves_nothing(organisation, collection, directory, tmp_path):
    report = tmp_path / "report.csv"

    out = run("trafford", directory, dry_run=True, report=report)

    assert "nothing saved (dry run)" in out
    assert len(report.read_text().splitlines()) == 6
    with tenancy.scope(organisation):
        assert not AnnualReturn.objects.exists()


def test_second_run_finds_what_is_on_the_list(organisation, collection, directory):
    run("trafford", directory)

    out = run("trafford", directory)

    assert "added: 0" in out
    assert len(names_of(organisation)) == 1


def test_collection_can_be_named(organisation, last_collection, collection, annual_return, directory):
    with pytest.raises(CommandError, match="there is no collection 2012/13"):
        run("trafford", directory, collection="2012/13")

    run("trafford", directory, collection="2009/10")

    assert names_of(organisation)[0][2] == 2009


def test_list_outside_its_time_is_refused(organisation, last_collection, collection, last_return, directory):
    PartFactory(annual_return=last_return)

    with pytest.raises(CommandError, match="Data entry closed on 28 February 2009"):
        run("trafford", directory, collection="2008/09")

    assert names_of(organisation) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "This file is empty"),
        (b"%PDF-1.4", "PDF"),
        (b"Phone,Postcode\n0161 911 8650,M33 7ZF\n", "No column was understood as the name"),
    ],
)
def test_unreadable_file_is_refused_in_words(organisation, collection, tmp_path, content, message):
    path = tmp_path / "file.csv"
    path.write_bytes(content)

    with pytest.raises(CommandError, match=message):
        run("trafford", path)


def test_missing_file_and_unknown_organisation_are_refused(organisation, collection, directory, tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        run("trafford", tmp_path / "nothing.csv")
    with pytest.raises(CommandError, match="no organisation has the code or name 'E99'"):
        run("E99", directory)


def test_import_opens_a_confirmed_list_again(organisation, collection, annual_return, lead, directory):
    with tenancy.scope(organisation):
        actions.confirm_list(annual_return.parts.get(kind="services"), by=lead)

    run("trafford", directory)

    with tenancy.scope(organisation):
        last = ReturnEvent.objects.last()
    assert (last.kind, last.by_id == lead.pk) == ("list_unconfirmed", False)

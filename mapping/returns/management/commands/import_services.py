"""Imports a list of services without a browser: suggested categories are taken, everything doubtful is left out."""

import csv
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import tenancy
from accounts.models import Organisation, User
from mapping.returns import actions
from mapping.returns.importing.plan import report_rows
from mapping.returns.importing.reading import UnreadableFile
from mapping.returns.models import Collection
from mapping.returns.queries.imports import plan_for
from mapping.returns.spreadsheets import safe_cell
from mapping.returns.workflow import WrongStatus

REPORT_COLUMNS = ["row", "name", "outcome", "category", "reason"]


class Command(BaseCommand):
    help = "Add the services of a CSV, XLSX or Open Referral UK file to an organisation's list."

    def add_arguments(self, parser):
        parser.add_argument("organisation", help="GSS or ODS code, or the name in addresses (trafford)")
        parser.add_argument("file", type=Path)
        parser.add_argument("--collection", help="such as 2009/10; without it, the current one")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and save nothing")
        parser.add_argument("--report", type=Path, help="write what became of each row to this CSV file")

    def handle(self, *args, **options):
        organisation = _organisation(options["organisation"])
        collection = _collection(options["collection"])
        content = _content(options["file"])
        with tenancy.scope(organisation):
            try:
                plan = _import(organisation, collection, content, options["file"].name, options["dry_run"])
            except (UnreadableFile, WrongStatus) as refusal:
                raise CommandError(str(refusal)) from None
        if plan.needs_name_column:
            raise CommandError(
                "No column was understood as the name of the service. Call one “Name” and try again."
            )
        lines = report_rows(plan)
        if options["report"]:
            _write_report(options["report"], lines)
        self._tell(lines, organisation, collection, options["dry_run"])

    def _tell(self, lines, organisation, collection, dry_run):
        outcomes = [line["outcome"] for line in lines]
        for outcome in dict.fromkeys(["added", *sorted(outcomes)]):
            self.stdout.write(f"{outcome}: {outcomes.count(outcome)}")
        saved = "nothing saved (dry run)" if dry_run else f"saved for {organisation}, {collection}"
        self.stdout.write(f"{len(lines)} rows read, {saved}")


def _organisation(text):
    found = list(Organisation.objects.named(text)[:2])
    if len(found) != 1:
        problem = "no organisation has" if not found else "several organisations have"
        raise CommandError(f"{problem} the code or name {text!r}")
    return found[0]


def _collection(name):
    if name is None:
        found = Collection.objects.current()
    else:
        found = next((one for one in Collection.objects.all() if name in (one.name, one.slug)), None)
    if found is None:
        raise CommandError(f"there is no collection {name}" if name else "there is no collection yet")
    return found


def _content(path):
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from error


@transaction.atomic
def _import(organisation, collection, content, file_name, dry_run):
    """Plan the file and save what needs no question, unless it is a dry run; returns the plan."""
    annual_return = actions.open_return(organisation, collection)
    plan = plan_for(annual_return, content, file_name)
    if dry_run:
        transaction.set_rollback(True)
    elif not plan.needs_name_column:
        actions.add_planned(annual_return, plan, by=User.objects.system_account())
    return plan


def _write_report(path, lines):
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, REPORT_COLUMNS)
            writer.writeheader()
            writer.writerows({name: safe_cell(line[name]) for name in REPORT_COLUMNS} for line in lines)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}") from error

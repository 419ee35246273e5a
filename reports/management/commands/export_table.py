"""A published table as a file; ``docs/reference/commands.md`` describes its columns."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from mapping.returns.models import Collection
from reports.actions import compute_stale_figures
from reports.figures import LEVELS
from reports.models import AreaFigure
from reports.queries import TableReader
from reports.tables import TABLES
from reports.tables.files import FORMATS


class Command(BaseCommand):
    help = "Write a table such as T01, T09 or R02 as CSV, XLSX or JSON."

    def add_arguments(self, parser):
        parser.add_argument("code", metavar="CODE", type=str.upper, choices=TABLES, help=", ".join(TABLES))
        parser.add_argument(
            "--collection",
            action="extend",
            nargs="+",
            metavar="2009/10",
            help="Default: all that have figures",
        )
        parser.add_argument("--level", choices=LEVELS, default="england")
        parser.add_argument("--set", choices=("common", "all"), dest="of", help="Default: common for several")
        parser.add_argument("--format", choices=FORMATS, default="csv")
        parser.add_argument("--output", type=Path, required=True, metavar="FILE")

    def handle(self, *, code, collection, level, of, format, output, **options):
        compute_stale_figures()
        collections = collections_named(collection)
        only_common = of == "common" if of else len(collections) > 1
        table = TABLES[code]
        lines = table.lines(TableReader(table, collections, only_common=only_common).figures(level))
        try:
            output.write_bytes(FORMATS[format](table, lines))
        except OSError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{output}: {len(lines)} lines")


def collections_named(names):
    """The collections of these names in order of years, or all that have figures; raises CommandError."""
    if not names:
        return list(Collection.objects.filter(pk__in=AreaFigure.objects.values("collection")))
    known = {collection.name: collection for collection in Collection.objects.all()}
    if unknown := set(names) - known.keys():
        raise CommandError(f"There is no collection {', '.join(sorted(unknown))}. Write it as 2009/10.")
    return sorted({known[name] for name in names}, key=lambda collection: collection.year)

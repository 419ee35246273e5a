"""Loads registers, collections and definitions; safe to repeat. ``--verbosity 2`` tells each change."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.loading.reference import load_reference
from accounts.loading.rows import RegisterError
from mapping.returns.loading import load_collections
from questionnaires.loading import load_definitions

CHANGES_SHOWN = 10


class Command(BaseCommand):
    help = "Load registers, collections and questionnaires; report what was added, changed and unchanged."

    def add_arguments(self, parser):
        parser.add_argument(
            "--directory",
            type=Path,
            default=settings.BASE_DIR / "fixtures" / "reference",
            help="Where the CSV files are",
        )

    def handle(self, *, directory, verbosity, **options):
        try:
            with transaction.atomic():
                outcomes = [*load_reference(directory), load_collections(directory), *load_definitions()]
        except RegisterError as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        for outcome in outcomes:
            self._report(outcome, shown=None if verbosity > 1 else CHANGES_SHOWN)

    def _report(self, outcome, shown):
        """One line for a register; below it the rows that changed, all or the first ``shown``."""
        self.stdout.write(
            f"{outcome.register + ':':<30}{outcome.added:>6} added{outcome.changed:>6} changed"
            f"{outcome.unchanged:>6} unchanged"
        )
        for line in outcome.changes[:shown]:
            self.stdout.write(f"    {line}")
        if hidden := len(outcome.changes) - len(outcome.changes[:shown]):
            self.stdout.write(f"    and {hidden} more (--verbosity 2 shows all)")

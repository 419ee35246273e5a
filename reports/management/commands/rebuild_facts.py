"""Makes the current facts again from the signed-off answers, after a change of what measures mean."""

from django.core.management.base import BaseCommand, CommandError

from accounts import tenancy
from mapping.returns.models import Collection
from reports.actions import compute_area_figures, rebuild_facts
from reports.models import FactSet


class Command(BaseCommand):
    help = (
        "Make all current sets of facts again, then the figures of areas. Earlier sets are kept, set aside."
    )

    def add_arguments(self, parser):
        parser.add_argument("--collection", metavar="2009/10", help="Default: all")

    def handle(self, *, collection, **options):
        collections = [found for found in Collection.objects.all() if collection in (None, found.name)]
        if not collections:
            raise CommandError(f"There is no collection {collection}. Write it as 2009/10.")
        for found in collections:
            self.stdout.write(
                f"{found}: {self._rebuild(found)} sets of facts, {compute_area_figures(found)} figures"
            )

    def _rebuild(self, collection):
        with tenancy.staff_reading("which parts have facts"):
            current = FactSet.objects.filter(collection=collection, superseded_at=None).select_related("part")
            parts = [fact_set.part for fact_set in current]
        for part in parts:
            with tenancy.scope(part.organisation_id):
                rebuild_facts(part)
        return len(parts)

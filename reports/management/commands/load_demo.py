"""Fill the database with the invented data of the demonstration; a second time it changes nothing."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from reports.demo.load import SEED, is_loaded, load_demo


class Command(BaseCommand):
    help = "Load the registers and the demonstration: people, returns of three years, answers and figures."

    def add_arguments(self, parser):
        parser.add_argument("--seed", type=int, default=SEED, help="The same seed gives the same data")
        parser.add_argument("--only", nargs="+", metavar="SLUG", help="Authorities of a small demonstration")

    def handle(self, *, seed, only, verbosity, **options):
        if not settings.DEMONSTRATION:
            raise CommandError("Invented data is loaded in the demonstration only (DEMONSTRATION=1).")
        call_command("load_reference", verbosity=verbosity, stdout=self.stdout)
        if is_loaded():
            self.stdout.write("There are returns already, so nothing was added.")
            return
        for name, count in load_demo(seed=seed, only=only).counts:
            self.stdout.write(f"{name + ':':<30}{count:>8,}")

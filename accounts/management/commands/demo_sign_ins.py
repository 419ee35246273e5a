"""Print what the accounts of the demonstration sign in with."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.demonstration import demo_people


class Command(BaseCommand):
    help = "List the accounts of the demonstration with passwords and current codes of the second factor."

    def handle(self, *args, **options):
        if not settings.DEMONSTRATION:
            raise CommandError("These accounts exist in the demonstration only (DEMONSTRATION=1).")
        for person in demo_people():
            where = f", {person.organisation}" if person.organisation else ""
            code = f"  code {person.code}" if person.code else ""
            self.stdout.write(f"{person.email:34} {person.password:27} {person.what}{where}{code}")

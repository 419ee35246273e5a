"""Answers of earlier years from CSV files, all or nothing; ``docs/reference/commands.md`` describes the file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from questionnaires.backload import Refused, load_answers, read_lines
from reports.actions import compute_stale_figures, handle_back_load

REFUSALS_SHOWN = 200


class Command(BaseCommand):
    help = "Take over answers from CSV files: all of them, or none with every refused line named."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="Check everything and save nothing")
        parser.add_argument(
            "--sign-off", action="store_true", help="Mark the parts that are filled as signed off"
        )
        parser.add_argument("--by", metavar="EMAIL", help="The staff account that answers for it")

    def handle(self, *, files, dry_run, sign_off, by, **options):
        account = staff_account(by) if by else None
        note = f"Back-load of {', '.join(path.name for path in files)}"
        try:
            lines = [line for path in files for line in read_lines(path)]
            outcome = load_answers(lines, by=account, sign_off=sign_off, note=note, keep=not dry_run)
        except OSError as error:
            raise CommandError(f"Nothing was saved. {error}") from error
        except Refused as error:
            raise CommandError(self._told(error.refusals)) from error
        if not dry_run:
            handle_back_load(outcome.events)
            compute_stale_figures()
        self._report(outcome, dry_run)

    def _told(self, refusals):
        shown = [str(refusal) for refusal in refusals[:REFUSALS_SHOWN]]
        if hidden := len(refusals) - len(shown):
            shown.append(f"and {hidden} more")
        return "\n".join(["Nothing was saved. These lines cannot be taken:", *shown])

    def _report(self, outcome, dry_run):
        if dry_run:
            self.stdout.write("Everything can be taken. Nothing was saved.")
        self.stdout.write(
            f"{outcome.lines} lines, {outcome.responses} responses, {outcome.changed} answers changed, "
            f"{len(outcome.events)} parts signed off"
        )


def staff_account(email):
    """The active staff account of an address; raises CommandError."""
    account = User.objects.filter(email=email.lower(), is_active=True).exclude(staff_role="").first()
    if account is None:
        raise CommandError(f"{email} is not the address of a staff account.")
    return account

"""Checks the definition files: their shape, what a schema cannot say, and what each collection's lock keeps."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from questionnaires.definition import FOLDER, LISTS, read
from questionnaires.integrity import LOCKS, compare_with_lock, faults_of_file


class Command(BaseCommand):
    help = "Check all questionnaire definitions. Ends with an error that names every fault with its file and line."

    def add_arguments(self, parser):
        parser.add_argument("--directory", type=Path, default=FOLDER, help="Where the definition files are")

    def handle(self, *, directory, **options):
        paths = sorted(path for path in directory.glob("*.yaml") if path.name != LISTS)
        if not paths:
            raise CommandError(f"{directory} holds no definition files.")
        faults = [str(fault) for path in paths for fault in faults_of(path, directory / LOCKS.name)]
        if faults:
            raise CommandError("\n".join([f"{len(faults)} faults:", *faults]))
        self.stdout.write(
            f"{len(paths)} definitions are sound and agree with the locks of their collections."
        )


def faults_of(path, locks):
    """The faults of a file itself; if it has none, where it differs from the lock of a collection."""
    own = faults_of_file(path)
    if own:
        return own
    content = read(path)
    years = [lock.stem.replace("-", "/") for lock in sorted(locks.glob("*.lock"))]
    return [
        f"{path.name}: {message}" for year in years for message in compare_with_lock(content, year, locks)
    ]

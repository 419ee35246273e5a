"""Checks the definition files: their shape, what a schema cannot say, and what each collection's lock keeps."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from questionnaires.integrity import (
    LOCKS,
    codes_of,
    compare_with_lock,
    faults_of_file,
    faults_of_module,
    unnamed_modules,
)
from questionnaires.sources import FOLDER, LISTS, read


class Command(BaseCommand):
    help = "Check all questionnaire definitions. Ends with an error that names every fault with its file and line."

    def add_arguments(self, parser):
        parser.add_argument("--directory", type=Path, default=FOLDER, help="Where the definition files are")
        parser.add_argument(
            "--codes",
            action="store_true",
            help="Print each question, one a line: code of the questionnaire, space, code of the question",
        )

    def handle(self, *, directory, codes, **options):
        paths = sorted(path for path in directory.glob("*.yaml") if path.name != LISTS)
        if not paths:
            raise CommandError(f"{directory} holds no definition files.")
        faults = [str(fault) for path in paths for fault in faults_of(path, directory / LOCKS.name)]
        if faults:
            raise CommandError("\n".join([f"{len(faults)} faults:", *faults]))
        if codes:
            self.stdout.write("\n".join(line for path in paths for line in codes_of(path)))
        else:
            self.stdout.write(
                f"{len(paths)} definitions are sound and agree with the locks of their collections."
            )


def faults_of(path, locks):
    """The faults of a file and of its modules, also of those that it does not name yet.

    Where there are none: where it differs from the lock of a collection.
    """
    own = faults_of_file(path)
    if own:
        return own
    unnamed = [fault for module in unnamed_modules(path) for fault in faults_of_module(path, module)]
    content = read(path)
    years = [lock.stem.replace("-", "/") for lock in sorted(locks.glob("*.lock"))]
    return unnamed + [
        f"{path.name}: {message}" for year in years for message in compare_with_lock(content, year, locks)
    ]

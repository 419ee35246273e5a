"""Runs every ``bench_*.py`` beside it: ``./dev bench [NAME ...]``.

A benchmark has a ``run()`` that prints what it found; ``median_of(work)`` and ``medians_of(works)`` from here are
medians of 20 in milliseconds. What a benchmark writes to the database is rolled back.
"""

import gc
import importlib
import statistics
import sys
import time
from pathlib import Path

ROUNDS = 20


def median_of(work, rounds=ROUNDS):
    """The median time of ``work()`` in milliseconds, after one round to warm up."""
    return medians_of([work], rounds)[0]


def medians_of(works, rounds=ROUNDS):
    """The median times of several, done in turn so that what else the machine does slows all of them alike."""
    times = {work: [] for work in works}
    for work in works:
        work()
    gc.collect()
    for _ in range(rounds):
        for work, taken in times.items():
            begin = time.perf_counter()
            work()
            taken.append((time.perf_counter() - begin) * 1000)
    return [statistics.median(taken) for taken in times.values()]


def main(wanted):
    import django
    from django.db import transaction

    django.setup()
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        name = path.stem.removeprefix("bench_")
        if not wanted or name in wanted:
            print(f"\n{name}", flush=True)
            with transaction.atomic():
                importlib.import_module(f"tests.benchmarks.{path.stem}").run()
                transaction.set_rollback(True)


if __name__ == "__main__":
    main(sys.argv[1:])

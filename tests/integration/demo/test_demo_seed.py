"""The same seed gives the same data, another seed other data."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import transaction

from accounts import tenancy
from accounts.models import Organisation, User
from questionnaires.filling.draw import lot, split
from questionnaires.models import Response
from reports.demo.load import load_demo


@pytest.mark.parametrize("total", [0, 1, 7, 250])
def test_parts_add_up_to_their_total(total):
    parts = split(total, (46, 30, 11, 8, 4, 1), lot("parts", total))

    assert sum(parts) == total
    assert min(parts) >= 0


def drawn(seed):
    """What a seed gives, taken back afterwards: cells by organisation, year and service, and the people."""
    with transaction.atomic():
        load_demo(seed=seed, only=["southend-on-sea"])
        with tenancy.scope(*Organisation.objects.all()):
            rows = Response.objects.values_list(
                "organisation__slug", "part__collection__year", "service_entry__service__reference", "cells"
            )
            cells = {row[:3]: row[3] for row in rows}
        people = set(User.objects.values_list("email", "name"))
        transaction.set_rollback(True)
    return cells, people


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_data(settings):
    settings.DEMONSTRATION, settings.DEMONSTRATION_TODAY = True, date(2010, 1, 14)
    call_command("load_reference", verbosity=0)

    first, again, other = drawn(1), drawn(1), drawn(2)

    assert len(first[0]) > 20
    assert first == again
    assert first != other

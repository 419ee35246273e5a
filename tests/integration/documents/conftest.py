"""Trafford with a return of 2009/10 that is begun, and what it takes to sign it off."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command

from accounts import tenancy
from accounts.models import Organisation, Role
from mapping.returns import actions
from mapping.returns.models import Collection, Part
from tests.data import profile_answers
from tests.people import member

THE_DAY_BEFORE = datetime(2010, 1, 13, 10, tzinfo=ZoneInfo("Europe/London"))


def load_begun_return(folder):
    """The registers, and Trafford's answers about seven services, signed off by nobody."""
    path = profile_answers.write(
        folder / "answers.csv", collections=("2009/10",), authorities=("E08000009",), services=7
    )
    with time_machine.travel(THE_DAY_BEFORE, tick=False):
        call_command("load_reference", verbosity=0)
        call_command("import_answers", path, verbosity=0)


@pytest.fixture(scope="module")
def begun(django_db_setup, django_db_blocker, tmp_path_factory):
    """The same for all tests of a module; each takes back what it adds."""
    with django_db_blocker.unblock():
        load_begun_return(tmp_path_factory.mktemp("answers"))
        yield
        call_command("flush", interactive=False, reset_sequences=False, verbosity=0)


@pytest.fixture
def trafford(begun, db):
    return Organisation.objects.select_related("region").get(code="E08000009")


@pytest.fixture
def collection(trafford):
    return Collection.objects.get(year=2009)


@pytest.fixture
def its_lead(trafford):
    return member(trafford, Role.LEAD, "Ruth Ashworth")


@pytest.fixture
def its_director(trafford):
    return member(trafford, Role.DIRECTOR, "Helen Marsden")


def sign_off_everything(organisation, collection, *, by, kinds=("organisation", "services")):
    """Sign parts off as a director does, whatever is missing: they are set to submitted before."""
    with tenancy.scope(organisation):
        parts = Part.objects.filter(organisation=organisation, collection=collection, kind__in=kinds)
        for part in parts.order_by("kind"):
            Part.objects.filter(pk=part.pk).update(decision="submitted")
            actions.sign_off(part, by=by)

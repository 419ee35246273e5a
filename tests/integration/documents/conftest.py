"""A return of Trafford with services, staff and children, beside five other authorities of its region."""

import pytest
from django.core.management import call_command

from accounts import tenancy
from accounts.models import Organisation, Role
from mapping.returns.models import AnnualReturn, Collection, Part
from tests.data import profile_answers
from tests.people import member

AT_ONCE = {"collections": ("2008/09", "2009/10")}


@pytest.fixture
def load(db, tmp_path):
    """``load(sign_off=True, **options of profile_answers)`` loads registers and answers."""

    def load(*, sign_off=True, **options):
        call_command("load_reference", verbosity=0)
        path = profile_answers.write(tmp_path / "answers.csv", **{**AT_ONCE, **options})
        call_command("import_answers", path, *(["--sign-off"] if sign_off else []), verbosity=0)

    return load


@pytest.fixture
def trafford(load):
    """Trafford, with its return of 2009/10 begun by answers to its services, and nothing signed off."""
    load(sign_off=False, collections=("2009/10",), authorities=("E08000009",), services=7)
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
    from mapping.returns import actions

    with tenancy.scope(organisation):
        annual_return = AnnualReturn.objects.get(organisation=organisation, collection=collection)
        for part in Part.objects.filter(annual_return=annual_return, kind__in=kinds).order_by("kind"):
            Part.objects.filter(pk=part.pk).update(decision="submitted")
            actions.sign_off(part, by=by)

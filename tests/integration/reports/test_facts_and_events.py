"""Facts follow decisions: written once, set aside when a part is reopened, as of the moment of the sign-off."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts import tenancy
from accounts.models import OrganisationYear
from mapping.core import clock
from mapping.returns.loading import load_collections
from mapping.returns.models import Collection, EventReceipt, ReturnEvent
from questionnaires.backload import Line, load_answers
from questionnaires.loading import load_definitions
from questionnaires.models import Response, Revision
from reports.actions import CONSUMER, handle_return_event, rebuild_facts, write_fact_set
from reports.models import Fact, FactSet
from reports.tasks import compute_stale_figures
from reports.tasks import handle_return_event as task

pytestmark = pytest.mark.django_db


@pytest.fixture
def authority(organisation, settings):
    load_collections(settings.BASE_DIR / "fixtures" / "reference")
    load_definitions()
    OrganisationYear.objects.create(
        organisation=organisation, year=2008, on_register=True, la_type=organisation.la_type
    )
    return organisation


@pytest.fixture
def signed_off(authority):
    """The event of a back-load that said yes of the Police."""
    line = Line("x.csv", 2, "2008/09", authority.code, "", "CTQB2", "b01", "on", "yes")
    (event,) = load_answers([line], sign_off=True).events
    return event


def current(authority):
    """The choice of b01 in the facts that count, or None."""
    with tenancy.scope(authority):
        found = Fact.objects.latest().filter(measure="board_on", item="b01")
        return found.values_list("choice", flat=True).first()


def later(event, kind, **fields):
    """A further event of the same part, a moment later."""
    return ReturnEvent.objects.create(
        organisation_id=event.organisation_id,
        annual_return_id=event.annual_return_id,
        part_id=event.part_id,
        kind=kind,
        by_id=event.by_id,
        at=clock.now(),
        recorded_at=timezone.now() + timedelta(minutes=1),
        **fields,
    )


def test_task_writes_the_facts_once(authority, signed_off):
    task(signed_off.pk, authority.pk)
    task(signed_off.pk, authority.pk)

    assert current(authority) == "yes"
    with tenancy.scope(authority):
        assert FactSet.objects.count() == 1
        assert EventReceipt.objects.get().consumer == CONSUMER


def test_task_for_an_event_that_was_rolled_back_does_nothing(authority, signed_off):
    task(signed_off.pk + 1, authority.pk)

    with tenancy.scope(authority):
        assert not EventReceipt.objects.exists()


def test_reopening_sets_the_facts_aside_and_keeps_them(authority, signed_off):
    with tenancy.scope(authority):
        handle_return_event(signed_off)
        handle_return_event(later(signed_off, "reopened"))

        assert FactSet.objects.get().superseded_at is not None
        assert Fact.objects.exists()
    assert current(authority) is None


def test_sign_off_that_is_handled_after_the_reopening_does_not_count(authority, signed_off):
    with tenancy.scope(authority):
        handle_return_event(later(signed_off, "reopened"))
        handle_return_event(signed_off)

    assert current(authority) is None


def test_facts_are_the_answers_of_the_moment_of_the_sign_off(authority, signed_off):
    with tenancy.scope(authority):
        response = Response.objects.get()
        before = response.cells["CTQB2|b01|on"]
        response.cells["CTQB2|b01|on"] = {"v": "no", "o": "typed"}
        response.cells["CTQB2|b02|on"] = {"v": "yes", "o": "typed"}
        response.version = 2
        response.save()
        Revision.objects.create(
            organisation=authority,
            response=response,
            number=2,
            changed={
                "CTQB2|b01|on": [before, response.cells["CTQB2|b01|on"]],
                "CTQB2|b02|on": [None, response.cells["CTQB2|b02|on"]],
            },
            origin="typed",
            by_id=signed_off.by_id,
            at=clock.now(),
            recorded_at=timezone.now() + timedelta(minutes=5),
        )

        write_fact_set(signed_off)

        facts = dict(Fact.objects.filter(measure="board_on").values_list("item", "choice"))
        assert (facts["b01"], facts["b02"]) == ("yes", "")
        assert set(Fact.objects.values_list("revision", flat=True)) == {1}


def test_rebuilding_makes_a_new_set_and_keeps_the_old(authority, signed_off):
    with tenancy.scope(authority):
        write_fact_set(signed_off)
        rebuilt = rebuild_facts(signed_off.part)

        assert [s.rebuilt for s in FactSet.objects.filter(superseded_at=None)] == [1]
        assert rebuilt.facts.count() == FactSet.objects.get(rebuilt=0).facts.count()


def test_command_rebuilds_all_current_sets(authority, signed_off, capsys):
    with tenancy.scope(authority):
        write_fact_set(signed_off)

    call_command("rebuild_facts", "--collection", "2008/09")

    assert "2008/09: 1 sets of facts" in capsys.readouterr().out
    assert current(authority) == "yes"


def test_facts_of_one_organisation_are_behind_its_wall(authority, signed_off, foreign_organisation):
    with tenancy.scope(authority):
        write_fact_set(signed_off)
    with tenancy.scope(foreign_organisation):
        assert not Fact.objects.exists()


def test_sweep_computes_figures_where_something_changed(authority, signed_off):
    compute_stale_figures()
    collection = Collection.objects.get(year=2008)
    assert collection.area_figures.get(measure="answered", level="england").value == 0

    with tenancy.scope(authority):
        write_fact_set(signed_off)
    compute_stale_figures()

    assert collection.area_figures.get(measure="answered", level="england").value == 1


def test_figures_of_what_is_gone_are_removed(authority, signed_off):
    with tenancy.scope(authority):
        write_fact_set(signed_off)
    compute_stale_figures()
    figures = Collection.objects.get(year=2008).area_figures
    assert figures.filter(measure="board_on").exists()

    with tenancy.scope(authority):
        handle_return_event(later(signed_off, "reopened"))
    compute_stale_figures()

    assert not figures.filter(measure="board_on").exists()

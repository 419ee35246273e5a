"""Every write of facts and figures."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts import tenancy
from mapping.core import clock
from mapping.returns.models import Collection, EventReceipt, Part, ReturnEvent
from questionnaires.queries import NOTHING, context_of, questionnaire_of
from reports import queries
from reports.facts import facts_of
from reports.figures import ENGLAND, area_figures
from reports.models import AreaFigure, Fact, FactSet

CONSUMER = "reports.handle_return_event"
Kind = ReturnEvent.Kind
SIGN_OFFS = (Kind.SIGNED_OFF, Kind.BACK_LOADED)
BATCH = 2000
# An event that commits just after its time was taken still counts as later than figures made in that moment.
SLACK = timedelta(seconds=60)


@transaction.atomic
def handle_return_event(event):
    """Do what follows in reports from something that happened to a return; a second time it does nothing.

    Needs the scope of the organisation. A sign-off writes the part's facts, a reopening sets them aside.
    """
    _, is_first = EventReceipt.objects.get_or_create(
        event=event, consumer=CONSUMER, defaults={"organisation_id": event.organisation_id}
    )
    if not is_first:
        return
    if event.kind in SIGN_OFFS:
        write_fact_set(event)
    elif event.kind == Kind.REOPENED:
        _set_aside(event.part)


def handle_back_load(events):
    """Handle the events of a back-load at once, so that its figures need no worker; the queue then finds them done."""
    for event in events:
        with tenancy.scope(event.organisation_id):
            handle_return_event(event)


@transaction.atomic
def write_fact_set(event):
    """Write what the part of a sign-off says as a new FactSet, which replaces the part's earlier one; returns it.

    A second call returns the set that is there. Answers are those of the moment of the event, whatever has been
    changed since; a set of a part that was decided on again since then is written for the record only.
    """
    part = Part.objects.select_for_update().get(pk=event.part_id)
    present = event.fact_sets.order_by("-rebuilt").first()
    return present or _write(part, event, rebuilt=0)


def _write(part, event, *, rebuilt):
    if not (is_overtaken := _is_overtaken(event)):
        _set_aside(part)
    fact_set = FactSet.objects.create(
        organisation_id=part.organisation_id,
        collection_id=part.collection_id,
        part=part,
        event=event,
        rebuilt=rebuilt,
        superseded_at=timezone.now() if is_overtaken else None,
    )
    Fact.objects.bulk_create(_rows(fact_set, event), batch_size=BATCH)
    return fact_set


def _is_overtaken(event):
    """Whether the part has been reopened or signed off again since."""
    decided = ReturnEvent.objects.filter(part=event.part_id, kind__in=[*SIGN_OFFS, Kind.REOPENED])
    return decided.order_by("-recorded_at", "-pk").values_list("pk", flat=True).first() != event.pk


def _set_aside(part):
    """No facts of this part count from now on."""
    FactSet.objects.filter(part=part, superseded_at=None).update(superseded_at=timezone.now())


def _rows(fact_set, event):
    """The Fact rows of all responses of a part as they stood at an event."""
    rows = []
    for response in queries.answers_at(event.part_id, event.recorded_at):
        for fact in facts_of(
            questionnaire_of(response), response.cells, context_of(response, earlier=NOTHING, listed=())
        ):
            rows.append(_row(fact_set, response, fact))
    return rows


def _row(fact_set, response, fact):
    return Fact(
        organisation_id=fact_set.organisation_id,
        fact_set=fact_set,
        collection_id=fact_set.collection_id,
        part_id=fact_set.part_id,
        service_entry_id=response.service_entry_id,
        measure=fact.measure,
        item=fact.item,
        area=fact.area,
        state=fact.state,
        number=fact.number,
        choice=fact.choice,
        unit=fact.unit[:20],
        revision=response.version,
    )


@transaction.atomic
def rebuild_facts(part):
    """Make the current fact set of a part again, from its revisions, after a change of what measures mean.

    The earlier set stays, set aside. Returns the new set, or None where the part has no current one.
    """
    part = Part.objects.select_for_update().get(pk=part.pk)
    current = FactSet.objects.filter(part=part, superseded_at=None).select_related("event").first()
    if current is None:
        return None
    return _write(part, current.event, rebuilt=current.rebuilt + 1)


# Figures of areas


def compute_area_figures(collection):
    """Compute all figures of a collection from the facts that count now, and write those that have changed.

    Returns how many figures there are. Two at the same time do not mix: the second waits for the first.
    """
    with transaction.atomic():
        Collection.objects.select_for_update(no_key=True).get(pk=collection.pk)
        begun = timezone.now()
        with tenancy.staff_reading(f"figures of areas, {collection}"):
            figures = area_figures(
                queries.places_of(collection), queries.answers_of(collection), queries.returns_of(collection)
            )
        _bring_in_line(collection, figures, begun)
    return len(figures)


def compute_stale_figures():
    """Compute the figures of every collection in which a return or a fact has changed since; returns them.

    One that nobody can register for yet has no figures, and tables do not offer it.
    """
    begun = Collection.objects.filter(registration_opens__lte=clock.today())
    stale = [collection for collection in begun if _is_stale(collection)]
    for collection in stale:
        compute_area_figures(collection)
    return stale


def _is_stale(collection):
    """England's figures are always written, so their time says when all of them were last computed."""
    made = AreaFigure.objects.filter(collection=collection, level="england").order_by("made_at").first()
    if made is None:
        return True
    with tenancy.staff_reading(f"whether figures are out of date, {collection}"):
        changed = queries.newest_change(collection)
    return changed is not None and changed > made.made_at - SLACK


def _bring_in_line(collection, figures, made_at):
    """Write new and changed figures and all of England's; remove those that are no longer there."""
    fields = ("measure", "item", "level", "area_code", "area_name", "value", "base", "respondents", "pk")
    there = {
        row[:4]: row[4:] for row in AreaFigure.objects.filter(collection=collection).values_list(*fields)
    }
    changed = [
        AreaFigure(
            collection=collection,
            **dict(zip(fields, (*key, name, amount.value, amount.base, amount.respondents), strict=False)),
            made_at=made_at,
        )
        for key, (name, amount) in figures.items()
        if key[3] == ENGLAND[0]
        or there.get(key, ())[:4] != (name, amount.value, amount.base, amount.respondents)
    ]
    gone = [row[-1] for key, row in there.items() if key not in figures]
    AreaFigure.objects.filter(pk__in=gone).delete()
    AreaFigure.objects.bulk_create(
        changed,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["collection", "measure", "item", "level", "area_code"],
        update_fields=["area_name", "value", "base", "respondents", "made_at"],
    )

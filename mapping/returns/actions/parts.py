"""Opening a return and deciding about its parts."""

from django.db import transaction

from mapping.core import clock
from mapping.returns.actions.events import record_event
from mapping.returns.models import AnnualReturn, Part, PartKind, Phase, ReturnEvent
from mapping.returns.roles import possible_roles
from mapping.returns.signals import submitting
from mapping.returns.workflow import UNLOCKED, Action, Decision, WrongStatus, target_of

WORKING_DAYS_AFTER_CLOSING = 10


@transaction.atomic
def open_return(organisation, collection):
    """The organisation's return for ``collection`` with the parts that it owes; made if it is not there yet.

    A part is owed if the collection pins a questionnaire of that part for the organisation's type; which of its
    questionnaires are follows from the roles that the organisation has as its list stands (``roles.py``).
    """
    annual_return, _ = AnnualReturn.objects.get_or_create(organisation=organisation, collection=collection)
    pins = collection.pins.filter(respondents__overlap=possible_roles(organisation))
    owed = set(pins.values_list("part_kind", flat=True))
    present = set(annual_return.parts.values_list("kind", flat=True))
    Part.objects.bulk_create(
        [
            Part(organisation=organisation, collection=collection, annual_return=annual_return, kind=kind)
            for kind in sorted(owed - present)
        ],
        ignore_conflicts=True,
    )
    return annual_return


@transaction.atomic
def submit(part, *, by, note=""):
    """Hand a complete part to the director. Raises WrongStatus while it is not complete."""
    submitting.send(Part, part=Part.objects.select_for_update().get(pk=part.pk))
    return _decide(part, Action.SUBMIT, ReturnEvent.Kind.SUBMITTED, by=by, note=note)


def send_back(part, *, by, note):
    """Return a submitted part to the lead with a note on what to change."""
    return _decide(part, Action.SEND_BACK, ReturnEvent.Kind.SENT_BACK, by=by, note=note)


def sign_off(part, *, by, note=""):
    """Sign a submitted part off: its answers are final, facts and documents follow."""
    return _decide(part, Action.SIGN_OFF, ReturnEvent.Kind.SIGNED_OFF, by=by, note=note)


def reopen(part, *, by, note):
    """Open a signed-off part again (helpdesk), for ten working days at least."""
    return _decide(part, Action.REOPEN, ReturnEvent.Kind.REOPENED, by=by, note=note)


@transaction.atomic
def _decide(part, action, kind, *, by, note):
    """Take ``action`` on the part if the workflow and the calendar allow it, and write the event."""
    held = Part.objects.held_for_decision(part.pk)
    _refuse_outside_its_time(held, action)
    held.decision = target_of(action, held.decision, held.progress).value
    held.decided_at = clock.now()
    if action in {Action.SEND_BACK, Action.REOPEN}:
        held.open_until = clock.add_working_days(clock.today(), WORKING_DAYS_AFTER_CLOSING)
    held.save(update_fields=["decision", "decided_at", "open_until"])
    record_event(held.annual_return, kind, by=by, part=held, note=note)
    return held


def _refuse_outside_its_time(part, action):
    if reason := why_not_now(part, action):
        raise WrongStatus(reason)


def why_not_now(part, action):
    """Why ``action`` cannot be taken on a part at this time, in words for whoever tries; empty while it can.

    Parts are submitted and decided on from the first day of data entry until publication. What may still be
    worked on after that, because the helpdesk has reopened it, may be submitted and decided on too.
    """
    collection = part.collection
    if part.annual_return.is_declined:
        return "This organisation has declined to take part in this collection."
    if collection.phase in {Phase.BEFORE_REGISTRATION, Phase.REGISTRATION}:
        return f"Data entry has not begun: it opens on {collection.entry_opens:%-d %B %Y}."
    is_final = collection.phase == Phase.PUBLISHED and not _is_open_beyond_publication(part)
    if is_final and action != Action.REOPEN:
        return "The figures of this collection are published. Ask the helpdesk to reopen the part."
    return ""


def _is_open_beyond_publication(part):
    return part.open_until is not None and part.open_until >= part.collection.published_on


@transaction.atomic
def confirm_list(part, *, by):
    """The lead says that the list of services is complete."""
    held = Part.objects.held_for_decision(part.pk)
    _refuse_locked(held)
    if held.list_confirmed_at is None:
        held.list_confirmed_at, held.list_confirmed_by = clock.now(), by
        held.save(update_fields=["list_confirmed_at", "list_confirmed_by"])
        record_event(held.annual_return, ReturnEvent.Kind.LIST_CONFIRMED, by=by, part=held)
    return held


@transaction.atomic
def unconfirm_list(part, *, by):
    """The list is open for changes again; a change of the list does this by itself."""
    held = Part.objects.held_for_decision(part.pk)
    _refuse_locked(held)
    if held.list_confirmed_at is not None:
        held.list_confirmed_at = held.list_confirmed_by = None
        held.save(update_fields=["list_confirmed_at", "list_confirmed_by"])
        record_event(held.annual_return, ReturnEvent.Kind.LIST_UNCONFIRMED, by=by, part=held)
    return held


def _refuse_locked(part):
    if part.kind != PartKind.SERVICES:
        raise WrongStatus("Only the services part has a list.")
    if not part.is_unlocked:
        raise WrongStatus(
            f"The services part is {part.get_decision_display().lower()}; its list cannot change."
        )


@transaction.atomic
def decline(annual_return, *, by, reason):
    """The organisation does not take part this year; it stays in the base of every response rate."""
    annual_return = _held_before_publication(annual_return)
    decisions = annual_return.parts.select_for_update().values_list(
        "decision", flat=True
    )  # nobody submits meanwhile
    if any(Decision(decision) not in UNLOCKED for decision in decisions):
        raise WrongStatus("A part has been submitted already. Ask the helpdesk if you want to take it back.")
    annual_return.declined_at, annual_return.declined_reason = clock.now(), reason
    annual_return.save(update_fields=["declined_at", "declined_reason"])
    record_event(annual_return, ReturnEvent.Kind.DECLINED, by=by, note=reason)
    return annual_return


@transaction.atomic
def join_again(annual_return, *, by):
    """Take a refusal back."""
    annual_return = _held_before_publication(annual_return)
    annual_return.declined_at, annual_return.declined_reason = None, ""
    annual_return.save(update_fields=["declined_at", "declined_reason"])
    record_event(annual_return, ReturnEvent.Kind.JOINED_AGAIN, by=by)
    return annual_return


def _held_before_publication(annual_return):
    """The return, held; whether somebody takes part no longer changes once the figures are published."""
    # Not against new rows that refer to it: a submission that holds its part writes its event meanwhile.
    held = AnnualReturn.objects.select_for_update(no_key=True).get(pk=annual_return.pk)
    if held.collection.phase == Phase.PUBLISHED:
        raise WrongStatus("The figures of this collection are published.")
    return held


@transaction.atomic
def extend(annual_return, *, until, reason, by):
    """Let the organisation enter data until a later day (helpdesk). Raises WrongStatus for a day too early."""
    if until <= annual_return.collection.entry_closes:
        raise WrongStatus(
            f"Data entry is open until {annual_return.collection.entry_closes:%-d %B %Y} anyway."
        )
    annual_return.extended_to, annual_return.extension_reason = until, reason
    annual_return.save(update_fields=["extended_to", "extension_reason"])
    record_event(
        annual_return, ReturnEvent.Kind.EXTENDED, by=by, note=reason, detail={"until": until.isoformat()}
    )
    return annual_return

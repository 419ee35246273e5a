"""A part with what has been decided about it, and the people who decide."""

from dataclasses import dataclass

from django.db.models import Q

from accounts.models import Membership, Role
from mapping.returns.models import PartKind, ReturnEvent
from mapping.returns.queries.lists import share_to_confirm
from mapping.returns.queries.returns import parts_of, return_of
from mapping.returns.workflow import UNLOCKED, Decision, Progress
from reports.models import Document, DocumentKind

DECISIONS = (
    ReturnEvent.Kind.SUBMITTED,
    ReturnEvent.Kind.SENT_BACK,
    ReturnEvent.Kind.SIGNED_OFF,
    ReturnEvent.Kind.BACK_LOADED,
    ReturnEvent.Kind.REOPENED,
)


def part_of(user, organisation, collection, kind):
    """(part, all parts of its return) with progress and problems, or (None, []) where there is none to see."""
    annual_return = return_of(user, organisation, collection)
    parts = parts_of(annual_return) if annual_return else []
    for part in parts:  # one return for all of them, with the organisation that was read already
        part.annual_return, part.organisation, part.collection = annual_return, organisation, collection
    return next((part for part in parts if part.kind == kind), None), parts


def events_of(part, user):
    """What happened to a part and to the whole of its return, the newest first."""
    events = ReturnEvent.objects.visible_to(user).filter(annual_return=part.annual_return_id)
    return list(
        events.filter(Q(part=part.pk) | Q(part=None)).select_related("by").order_by("-recorded_at", "-pk")
    )


def last_decision(events):
    """The newest of ``events_of`` that was a decision about the part, or None."""
    return next((event for event in events if event.kind in DECISIONS), None)


def last_submission(events):
    return next((event for event in events if event.kind == ReturnEvent.Kind.SUBMITTED), None)


def sent_back(annual_return, parts, user):
    """Of each part that is sent back or reopened, the event that did it, with the note on what to change."""
    waiting = {part.pk for part in parts if part.decision == Decision.SENT_BACK}
    kinds = (ReturnEvent.Kind.SENT_BACK, ReturnEvent.Kind.REOPENED)
    events = ReturnEvent.objects.visible_to(user).filter(annual_return=annual_return, kind__in=kinds)
    newest = {
        event.part_id: event for event in events.select_related("by", "part").order_by("recorded_at", "pk")
    }
    return [event for part, event in newest.items() if part in waiting]


@dataclass(frozen=True)
class Directors:
    """Who may sign off, and who has been named but not been confirmed by the helpdesk yet."""

    confirmed: tuple
    waiting: tuple

    @property
    def names(self):
        return " or ".join(str(user) for user in self.confirmed)

    @property
    def lacking(self):
        """Why there is nobody who could sign off."""
        if not self.waiting:
            return "Your organisation has no director here."
        return f"The helpdesk has not confirmed {' or '.join(str(user) for user in self.waiting)} as director yet."


def directors_of(organisation):
    """One query; memberships stand outside the wall."""
    found = Membership.objects.filter(organisation=organisation, role=Role.DIRECTOR, ended_at=None)
    members = list(found.select_related("user").order_by("created_at"))
    return Directors(
        confirmed=tuple(member.user for member in members if member.confirmed_at),
        waiting=tuple(member.user for member in members if not member.confirmed_at),
    )


def profile_of(part, parts):
    """The Document of the return's profile once all parts are signed off: (whether it is due, Document or None)."""
    is_due = part.organisation.is_local_authority and all(p.decision == Decision.SIGNED_OFF for p in parts)
    if not is_due:
        return False, None
    made = Document.objects.filter(
        organisation=part.organisation,
        collection=part.collection,
        kind=DocumentKind.LOCAL_AUTHORITY_PROFILE,
        is_draft=False,
    )
    return True, made.order_by("-number", "-pk").first()


# -- What to do next about a part -----------------------------------------------------------------------------


def is_ready(part):
    """Whether a part could be submitted, as far as its answers go."""
    return part.progress == Progress.COMPLETE and Decision(part.decision) in UNLOCKED


def what_is_left(part):
    """What keeps a part from being complete, in words: ``["2 errors", "confirm the list"]``."""
    counts = ((part.errors, "error", "errors"), (part.unusual, "to explain", "to explain"))
    left = [f"{n} {one if n == 1 else many}" for n, one, many in counts if n]
    if missing := part.missing - part.unconfirmed:
        left.append(f"{missing:,} missing")
    if part.unconfirmed:
        left.append(share_to_confirm(part.unconfirmed, part.filled))
    if unfinished := part.listed - part.started:
        left.append(f"{unfinished} not started")
    if part.kind == PartKind.SERVICES and not part.list_confirmed_at:
        left.append("the list to confirm")
    return left

"""What the overview of a return reads, and its parts and dates."""

from dataclasses import dataclass, field
from itertools import groupby

from accounts.models import Membership
from mapping.core import clock
from mapping.returns.addresses import filtered, page
from mapping.returns.models import PartKind, ReturnEvent
from mapping.returns.queries.joint import waiting_count
from mapping.returns.queries.lists import count, lines_of, share_to_confirm
from mapping.returns.queries.returns import parts_of
from mapping.returns.workflow import Decision, Progress

OVERVIEW = "returns:overview_of"


@dataclass
class Overview:
    """All that the page of leads and directors shows; ``lines`` are those of lists.lines_of."""

    annual_return: object
    user: object
    role: str
    lines: list = field(default_factory=list)
    parts: list = field(default_factory=list)
    events: list = field(default_factory=list)
    joint_waiting: int = 0  # joint services of others that nobody has confirmed or refused yet

    @property
    def services(self):
        return next((part for part in self.parts if part.kind == PartKind.SERVICES), None)

    @property
    def list_is_confirmed(self):
        return bool(self.services and self.services.list_confirmed_at)

    @property
    def is_signed_off(self):
        return bool(self.parts) and all(part.decision == Decision.SIGNED_OFF for part in self.parts)

    def having(self, what):
        """The lines with ``errors`` or ``unusual`` figures, the most urgent first."""
        return sorted((line for line in self.lines if getattr(line, what)), key=lambda line: line.urgency)

    def last_event(self, part, *kinds):
        events = [event for event in self.events if event.part_id == part.pk and event.kind in kinds]
        return events[-1] if events else None


def overview_of(annual_return, user, role):
    """Read everything that the overview needs, in a fixed number of queries."""
    events = ReturnEvent.objects.visible_to(user).filter(annual_return=annual_return).select_related("by")
    return Overview(
        annual_return,
        user,
        role,
        lines=lines_of(annual_return, user),
        parts=parts_of(annual_return),
        events=list(events),
        joint_waiting=waiting_count(user, annual_return.organisation, annual_return.collection),
    )


@dataclass(frozen=True)
class PartRow:
    """One part in the table of parts. ``left``: (words, address or nothing) of what is left to do."""

    part: object
    name: str
    url: str
    total: int
    complete: int
    in_progress: int
    things: str
    left: list[tuple[str, str]]
    to_confirm: str = ""  # 12 of 40 answers to confirm
    confirm_url: str = ""


def part_rows(overview):
    return [_part_row(overview, part) for part in overview.parts]


def _part_row(overview, part):
    annual_return = overview.annual_return
    if part.kind == PartKind.SERVICES:
        url, things = page("returns:services", annual_return), "service"
    else:
        url = page("questionnaires:organisation", annual_return)
        things = "questionnaire"
    return PartRow(
        part=part,
        name=part.get_kind_display(),
        url=url,
        total=part.listed,
        complete=part.complete,
        in_progress=part.started - part.complete,
        things=things if part.listed == 1 else f"{things}s",
        left=_left(overview, part, url),
        to_confirm=share_to_confirm(part.unconfirmed, part.filled),
        confirm_url=f"{page('reports:check', annual_return)}?only=unconfirmed#left",
    )


def _left(overview, part, url):
    """What is left to do about a part, as words with an address."""
    annual_return = overview.annual_return
    if annual_return.is_declined:
        return []
    decide = page("reports:sign_off", annual_return, kind=part.kind)
    if part.decision == Decision.SIGNED_OFF:
        return [("See the results", page("reports:documents", annual_return))]
    if part.decision == Decision.SUBMITTED:
        if overview.role == "director":
            return [("Read and decide", decide)]
        return [(f"With {director_of(annual_return)} for sign-off", "")]
    if overview.role == "director":
        return [("With the mapping lead", "")]
    if part.decision == Decision.SENT_BACK and part.progress == Progress.COMPLETE:
        return [("Read the note and submit again", page("reports:submit", annual_return, kind=part.kind))]
    return _still_to_do(overview, part, url)


def _still_to_do(overview, part, url):
    annual_return = overview.annual_return
    is_services = part.kind == PartKind.SERVICES
    left = []
    for number, singular, plural, only in (
        (part.errors, "error", "errors", "errors"),
        (part.unusual, "to explain", "to explain", "unusual"),
    ):
        if number:
            words = f"{number} {singular if number == 1 else plural}"
            left.append((words, filtered(OVERVIEW, annual_return, only) if is_services else url))
    if is_services and not part.list_confirmed_at:
        left.append(("confirm the list", f"{page('returns:services', annual_return)}#confirm"))
    if part.progress == Progress.COMPLETE:
        left.append(("submit", page("reports:submit", annual_return, kind=part.kind)))
    elif not left and part.listed > part.complete:
        address = filtered(OVERVIEW, annual_return, "not_started") if is_services else url
        left.append((f"{part.listed - part.complete} to complete", address))
    return [(left[0][0][:1].upper() + left[0][0][1:], left[0][1]), *left[1:]] if left else []


def director_of(annual_return):
    directors = Membership.objects.directors().filter(organisation=annual_return.organisation)
    names = [str(membership.user) for membership in directors.select_related("user")]
    return " or ".join(names) or "your director, whom nobody has invited yet,"


def dates(overview):
    """What is due when, from today on: services due from colleagues, and the dates of the collection."""
    annual_return, today = overview.annual_return, clock.today()
    collection = annual_return.collection
    due = sorted(
        line.due_on
        for line in overview.lines
        if line.due_on and line.due_on >= today and line.progress != Progress.COMPLETE
    )
    rows = [
        (day, f"{count(len(list(group)), 'service')} due from colleagues") for day, group in groupby(due)
    ][:4]
    rows += [(collection.entry_opens, "Data entry opens"), (collection.entry_closes, "Data entry closes")]
    if annual_return.extended_to:
        rows.append((annual_return.extended_to, "Data entry closes for you"))
    if collection.published_on:
        rows.append((collection.published_on, "Figures published"))
    coming = sorted((day, words) for day, words in rows if day >= today)
    return [{"term": f"{day:%-d %B}", "words": words} for day, words in coming]

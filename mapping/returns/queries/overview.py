"""What the overview of a return says: its parts, the most useful next step, what needs attention, and dates."""

from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.db.models.fields.json import KeyTextTransform

from accounts.models import Membership
from mapping.core import clock
from mapping.returns.addresses import filtered, page
from mapping.returns.importing.duplicates import Index
from mapping.returns.models import PartKind, Phase, ReturnEvent
from mapping.returns.queries.lists import Words, count, lines_of
from mapping.returns.queries.returns import parts_of, to_carry
from mapping.returns.workflow import Decision, Progress

OVERVIEW = "returns:overview_of"


@dataclass(frozen=True)
class Step:
    """The one thing to do next; without ``url`` there is nothing to do but know."""

    title: str
    text: str = ""
    url: str = ""
    action: str = ""


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


@dataclass(frozen=True)
class Attention:
    """A line of what needs attention: a sign with its word, a sentence, and the one thing to do about it."""

    sign: str
    label: str
    strong: str
    text: str
    under: str = ""
    url: str = ""
    action: str = ""


@dataclass
class Overview:
    """All that the page of leads and directors shows; ``lines`` are those of lists.lines_of."""

    annual_return: object
    user: object
    role: str
    lines: list = field(default_factory=list)
    parts: list = field(default_factory=list)
    events: list = field(default_factory=list)

    @property
    def services(self):
        return next((part for part in self.parts if part.kind == PartKind.SERVICES), None)

    @property
    def list_is_confirmed(self):
        return bool(self.services and self.services.list_confirmed_at)

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
    )


# -- Parts ----------------------------------------------------------------------------------------------------


def part_rows(overview):
    return [_part_row(overview, part) for part in overview.parts]


def _part_row(overview, part):
    annual_return = overview.annual_return
    if part.kind == PartKind.SERVICES:
        url, things = page("returns:services", annual_return), "services"
    else:
        url = page("questionnaires:organisation", annual_return)
        things = "questionnaires" if part.listed != 1 else "questionnaire"
    return PartRow(
        part=part,
        name=part.get_kind_display(),
        url=url,
        total=part.listed,
        complete=part.complete,
        in_progress=part.started - part.complete,
        things=things,
        left=_left(overview, part, url),
    )


def _left(overview, part, url):
    """What is left to do about a part, as words with an address."""
    annual_return = overview.annual_return
    decide = page("reports:sign_off", annual_return, kind=part.kind)
    if part.decision == Decision.SIGNED_OFF:
        return [("Read what came of it", page("reports:documents", annual_return))]
    if part.decision == Decision.SUBMITTED:
        if overview.role == "director":
            return [("Read and decide", decide)]
        return [(f"With {_director_of(annual_return)} for sign-off", "")]
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


def _director_of(annual_return):
    directors = Membership.objects.directors().filter(organisation=annual_return.organisation)
    names = [str(membership.user) for membership in directors.select_related("user")]
    return " or ".join(names) or "your director, whom nobody has invited yet,"


# -- The next step --------------------------------------------------------------------------------------------


def next_step(overview):
    """The most useful thing that this reader can do now."""
    if overview.annual_return.is_declined:
        return Step(
            "You do not take part this year",
            f"Your organisation has declined: {overview.annual_return.declined_reason}",
        )
    if overview.role == "director":
        return _step_of_director(overview)
    return _step_of_lead(overview)


def _step_of_director(overview):
    for part in overview.parts:
        if part.decision == Decision.SUBMITTED:
            return Step(
                f"Decide about {part.get_kind_display().lower()}",
                "The mapping lead has submitted this part. Read the summary, then sign it off or send it back.",
                page("reports:sign_off", overview.annual_return, kind=part.kind),
                "Read and decide",
            )
    if _all(overview, Decision.SIGNED_OFF):
        return _signed_off(overview)
    return Step("Nothing waits for you", "You get a message as soon as a part is submitted to you.")


def _step_of_lead(overview):
    for step in (
        _begin_list,
        _take_sent_back,
        _correct,
        _confirm_list,
        _ask_somebody,
        _submit,
        _explain,
        _answer,
        _organisation_part,
        _wait,
    ):
        if found := step(overview):
            return found
    return None


def _open_part(overview, kind=None):
    """The parts that the lead can still work on, or that of ``kind`` if it is one of them."""
    parts = [part for part in overview.parts if part.is_unlocked and part.takes_answers]
    return [part for part in parts if kind in (None, part.kind)]


def _begin_list(overview):
    if overview.lines or not overview.services or not overview.services.is_unlocked:
        return None
    address = page("returns:services", overview.annual_return)
    if last_year := to_carry(overview.annual_return):
        return Step(
            f"Bring last year’s {last_year} services over",
            "Names, categories and providers come with them. Then add what is new and close what has ended.",
            address,
            "Bring the list over",
        )
    return Step(
        "Build your list of services",
        "Import a directory that you have already, or add services one by one. "
        "You see every row before anything is saved.",
        page("returns:import", overview.annual_return),
        "Import a list",
    )


def _take_sent_back(overview):
    for part in _open_part(overview):
        if part.decision == Decision.SENT_BACK:
            event = overview.last_event(part, ReturnEvent.Kind.SENT_BACK, ReturnEvent.Kind.REOPENED)
            complete = part.progress == Progress.COMPLETE
            return Step(
                f"{part.get_kind_display()} was sent back",
                f"{event.by}: “{event.note}”" if event and event.note else "",
                page("reports:submit", overview.annual_return, kind=part.kind)
                if complete
                else page("reports:check", overview.annual_return),
                "Read the note and submit again" if complete else "See what is left",
            )
    return None


def _correct(overview):
    wrong = overview.having("errors") if _open_part(overview, PartKind.SERVICES) else []
    if not wrong:
        return None
    errors, first = sum(line.errors for line in wrong), wrong[0]
    return Step(
        f"Correct {count(errors, 'error')} in {count(len(wrong), 'service')}",
        f"{'They keep' if errors > 1 else 'It keeps'} "
        f"{'these services' if len(wrong) > 1 else 'the service'} from being complete. "
        f"{'The first is' if errors > 1 else 'It is'} in {first.entry.name}.",
        page("questionnaires:start", overview.annual_return, entry=first.entry.pk),
        "Go to the first error" if errors > 1 else "Go to the error",
    )


def _confirm_list(overview):
    part = overview.services
    if not part or overview.list_is_confirmed or not part.is_unlocked:
        return None
    return Step(
        "Say that your list of services is complete",
        f"{count(len(overview.lines), 'service')} on it. Everything later builds on the list; "
        "you can open it again at any time.",
        f"{page('returns:services', overview.annual_return)}#confirm",
        "Check the list",
    )


def _ask_somebody(overview):
    unasked = [line for line in overview.lines if line.is_unasked]
    if not unasked or len(unasked) < len(overview.lines) / 2:
        return None
    return Step(
        f"Give {count(len(unasked), 'service')} to the people who know",
        "Choose services in the list and delegate them together, or answer them yourself.",
        filtered(OVERVIEW, overview.annual_return, "unasked"),
        "Choose services",
    )


def _submit(overview):
    for part in _open_part(overview):
        if part.progress == Progress.COMPLETE:
            return Step(
                f"Submit {part.get_kind_display().lower()} for sign-off",
                "All of it is complete. Look through it once more; your director is told as soon as you submit.",
                page("reports:submit", overview.annual_return, kind=part.kind),
                f"Check and submit {part.get_kind_display().lower()}",
            )
    return None


def _explain(overview):
    unusual = overview.having("unusual") if _open_part(overview, PartKind.SERVICES) else []
    if not unusual:
        return None
    figures = sum(line.unusual for line in unusual)
    return Step(
        f"Explain {count(figures, 'unusual figure')} in {count(len(unusual), 'service')}",
        f"They differ a lot from last year’s. The first is in {unusual[0].entry.name}.",
        page("questionnaires:start", overview.annual_return, entry=unusual[0].entry.pk),
        "Go to the first one",
    )


def _answer(overview):
    todo = [line for line in overview.lines if line.progress != Progress.COMPLETE]
    if not todo or not _open_part(overview, PartKind.SERVICES):
        return None
    first = min(todo, key=lambda line: line.urgency)
    return Step(
        f"{count(len(todo), 'service')} still to complete",
        f"The most urgent is {first.entry.name}.",
        page("questionnaires:start", overview.annual_return, entry=first.entry.pk),
        "Go to the most urgent",
    )


def _organisation_part(overview):
    if not _open_part(overview, PartKind.ORGANISATION):
        return None
    return Step(
        "Answer the questions about your organisation",
        "",
        page("questionnaires:organisation", overview.annual_return),
        "Go to the questionnaires",
    )


def _wait(overview):
    if overview.parts and _all(overview, Decision.SIGNED_OFF):
        return _signed_off(overview)
    if any(part.decision == Decision.SUBMITTED for part in overview.parts):
        return Step(
            f"With {_director_of(overview.annual_return)} for sign-off",
            "You get a message once it is decided.",
        )
    collection = overview.annual_return.collection
    if collection.phase == Phase.REGISTRATION:
        opens = collection.entry_opens
        return Step("Set-up is done", f"Answers can be given from {opens:%-d %B}.")
    return None


def _signed_off(overview):
    return Step(
        "Your return is signed off",
        "The profile is made from it; you can read it beside the figures of others.",
        page("reports:documents", overview.annual_return),
        "See the results",
    )


def _all(overview, decision):
    return all(part.decision == decision for part in overview.parts)


# -- What needs attention -------------------------------------------------------------------------------------


def attention(overview):
    """What needs somebody's attention, worst first."""
    found = [
        _late(overview),
        *_sent_back(overview),
        _errors(overview),
        _unusual(overview),
        _unasked(overview),
    ]
    return [one for one in [*found, *_doubles(overview)] if one]


def _late(overview):
    late = sorted((line for line in overview.lines if line.days_late), key=lambda line: -line.days_late)
    if not late:
        return None
    first = late[0]
    return Attention(
        "late",
        "Late",
        _named(late),
        f"{'was' if len(late) == 1 else 'were'} due {'on' if len(late) == 1 else 'since'} "
        f"{first.due_on:%-d %B}",
        _who_is_late(late),
        filtered(OVERVIEW, overview.annual_return, "late"),
        "See who",
    )


def _who_is_late(late):
    people = list(dict.fromkeys(name for line in late for name in line.people))
    return f"With {_and(people)}." if len(people) <= 3 else f"With {len(people)} people."


def _sent_back(overview):
    for part in overview.parts:
        if part.decision != Decision.SENT_BACK:
            continue
        event = overview.last_event(part, ReturnEvent.Kind.SENT_BACK, ReturnEvent.Kind.REOPENED)
        yield Attention(
            "sent_back",
            "Sent back",
            part.get_kind_display(),
            f"by {event.by}" if event else "",
            f"“{event.note}”" if event and event.note else "",
            page("reports:check", overview.annual_return),
            "See what is left",
        )


def _errors(overview):
    wrong = overview.having("errors")
    if not wrong:
        return None
    return Attention(
        "error",
        "Errors",
        count(sum(line.errors for line in wrong), "error"),
        f"in {_named(wrong)}",
        url=filtered(OVERVIEW, overview.annual_return, "errors"),
        action="Show",
    )


def _unusual(overview):
    unusual = overview.having("unusual")
    if not unusual:
        return None
    figures = sum(line.unusual for line in unusual)
    return Attention(
        "unusual",
        "Unusual",
        count(figures, "figure"),
        f"in {count(len(unusual), 'service')} {'differs' if figures == 1 else 'differ'} a lot from last year "
        f"and {'wants' if figures == 1 else 'want'} a word of explanation",
        url=filtered(OVERVIEW, overview.annual_return, "unusual"),
        action="Explain",
    )


def _unasked(overview):
    unasked = sorted((line for line in overview.lines if line.is_unasked), key=lambda line: line.by_name)
    if not unasked:
        return None
    return Attention(
        "no_one",
        "No one asked",
        _named(unasked),
        f"{'waits' if len(unasked) == 1 else 'wait'} to be given to someone",
        url=filtered(OVERVIEW, overview.annual_return, "unasked"),
        action="Delegate",
    )


def _doubles(overview):
    """Pairs that are possibly one service; looked for until the lead has confirmed the list."""
    if overview.list_is_confirmed or overview.role == "director":
        return
    for first, second in doubles([line.entry for line in overview.lines])[:3]:
        yield Attention(
            "duplicate",
            "Duplicate?",
            f"{first.name} and {second.name}",
            "may be the same service",
            _shared(first.listing, second.listing),
            page("returns:service_merge", overview.annual_return, entry=second.pk) + f"?into={first.pk}",
            "Compare",
        )


def doubles(entries):
    """Pairs of entries that are possibly the same service, in the order of the list."""
    index, pairs = Index(), []
    for entry in entries:
        contact = (entry.name, entry.listing.get("postcode", ""), entry.listing.get("telephone", ""))
        pairs += [(other, entry) for other in index.find(*contact)]
        index.add(entry, *contact)
    return pairs


def _shared(first, second):
    """What two listings have in common: ``Same telephone, same postcode M33 7ZF``."""
    same = [
        name for name in ("telephone", "postcode") if first.get(name) and first.get(name) == second.get(name)
    ]
    words = ", ".join(
        "same telephone" if name == "telephone" else f"same postcode {first[name]}" for name in same
    )
    return words[:1].upper() + words[1:]


def _named(lines):
    """``Home tuition and 2 more services``."""
    names = [line.entry.name for line in lines]
    if len(names) <= 2:
        return " and ".join(names)
    return f"{names[0]} and {len(names) - 1} more services"


def _and(names):
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


# -- Dates ----------------------------------------------------------------------------------------------------


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


# -- For those who were asked ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked(Words):
    """What a contributor was asked to do, as one line."""

    name: str
    under: str
    url: str
    progress: str
    errors: int
    unusual: int
    due_on: object
    saved_at: object
    is_unopened: bool
    is_open: bool

    @property
    def next_words(self):
        """What stands under it as the next step."""
        return f"{self.under}. Due {self.due_words}." if self.due_on else f"{self.under}."

    @property
    def action(self):
        return "Begin" if self.progress == Progress.NOT_STARTED else "Go on"


def asked_of(annual_return, user):
    """The responses of a return that ``user`` was asked to answer, the most urgent first; one query."""
    delegations = (
        annual_return.delegations.standing()
        .filter(to=user)
        .select_related("response__service_entry", "response__pin", "response__part__annual_return")
        .select_related("response__part__collection")
        .defer("response__cells")
        .annotate(title=KeyTextTransform("title", "response__pin__definition_version__content"))
    )
    by_response = {}
    for delegation in delegations:
        by_response.setdefault(delegation.response_id, []).append(delegation)
    lines = [_asked(annual_return, group) for group in by_response.values()]
    return sorted(lines, key=_asked_urgency)


def _asked_urgency(asked):
    return (
        asked.progress == Progress.COMPLETE,
        -asked.days_late,
        asked.due_on or date.max,
        asked.name.lower(),
    )


def _asked(annual_return, delegations):
    response = delegations[0].response
    entry = response.service_entry
    due = min((one.due_on for one in delegations if one.due_on), default=None)
    sections = sorted({one.section for one in delegations if one.section})
    under = entry.category_label if entry else annual_return.organisation.name
    return Asked(
        name=entry.name if entry else delegations[0].title,
        under=f"{under}, section{'s' if len(sections) > 1 else ''} {_and(sections)}" if sections else under,
        url=page("questionnaires:response", annual_return, response=response.pk),
        progress=response.progress,
        errors=response.hard_count,
        unusual=response.soft_open_count,
        due_on=due,
        saved_at=response.saved_at,
        is_unopened=not any(one.opened_at for one in delegations),
        is_open=response.part.takes_answers,
    )

"""What needs attention in a return, worst first."""

from dataclasses import dataclass

from mapping.returns.addresses import filtered, page
from mapping.returns.importing.duplicates import Index, Marks
from mapping.returns.models import ReturnEvent
from mapping.returns.queries.lists import and_, count
from mapping.returns.queries.overview import OVERVIEW
from mapping.returns.workflow import Decision


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


def attention(overview):
    """What needs somebody's attention, worst first; of the services nothing while they are with the director."""
    late, *rest = (
        [_late(overview), _errors(overview), _unusual(overview), _unasked(overview), *_doubles(overview)]
        if overview.services and overview.services.is_unlocked
        else [None]
    )
    return [one for one in [late, *_sent_back(overview), *rest, _joint(overview)] if one]


def _late(overview):
    late = sorted((line for line in overview.lines if line.days_late), key=lambda line: -line.days_late)
    if not late:
        return None
    first = late[0]
    return Attention(
        "late",
        "Late",
        named(late),
        f"{'was' if len(late) == 1 else 'were'} due {'on' if len(late) == 1 else 'since'} "
        f"{first.due_on:%-d %B}",
        _who_is_late(late),
        filtered(OVERVIEW, overview.annual_return, "late"),
        "See who",
    )


def _who_is_late(late):
    people = list(dict.fromkeys(name for line in late for name in line.people))
    return f"With {and_(people)}." if len(people) <= 3 else f"With {len(people)} people."


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
        f"in {named(wrong)}",
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
        named(unasked),
        f"{'waits' if len(unasked) == 1 else 'wait'} to be given to someone",
        url=filtered(OVERVIEW, overview.annual_return, "unasked"),
        action="Delegate",
    )


def _joint(overview):
    """Services of others that name this organisation as a partner and wait for its word."""
    if not overview.joint_waiting:
        return None
    return Attention(
        "waiting",
        "To confirm",
        count(overview.joint_waiting, "joint service"),
        f"of others {'names' if overview.joint_waiting == 1 else 'name'} you as a partner",
        url=page("returns:joint", overview.annual_return),
        action="Confirm",
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
        contacts = entry.listing.get("postcode", ""), entry.listing.get("telephone", "")
        marks = Marks.of(entry.name, *contacts)
        pairs += [(other, entry) for other in index.find(marks)]
        index.add(entry, marks)
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


def named(lines):
    """``Home tuition and 2 more services``."""
    names = [line.entry.name for line in lines]
    if len(names) <= 2:
        return " and ".join(names)
    return f"{names[0]} and {len(names) - 1} more services"

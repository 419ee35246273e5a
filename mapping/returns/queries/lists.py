"""The list of services as pages show it: one line a service, with how far it is, who was asked and what is wrong.

An annual return has a few hundred services at most, so a list is read whole, in a fixed number of queries, and
filtered, counted and sorted here: each filter knows its count without asking the database again.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from mapping.core import clock
from mapping.returns.models import ServiceEntry
from mapping.returns.workflow import Progress

PAGE_LENGTH = 12


class Words:
    """How a line says its problems and days; needs progress, errors, unusual, due_on, saved_at, is_unopened."""

    @property
    def days_late(self):
        """Days since it was due, 0 if it is complete or not due yet."""
        if not self.due_on or self.progress == Progress.COMPLETE:
            return 0
        return max((clock.today() - self.due_on).days, 0)

    @property
    def late_words(self):
        return count(self.days_late, "day") + " late"

    @property
    def due_words(self):
        return f"{self.due_on:%-d %B}"

    @property
    def error_words(self):
        return count(self.errors, "error")

    @property
    def unusual_words(self):
        return f"{self.unusual} to explain"

    @property
    def saved_words(self):
        """When somebody last saved: the day, or the time if it was today."""
        if not self.saved_at:
            return "Not opened" if self.is_unopened else ""
        at = timezone.localtime(self.saved_at)
        return f"Today, {at:%H:%M}" if at.date() == clock.today() else f"{at.day} {at:%B}"


def to_confirm_words(sections):
    """``12 of 40 answers to confirm``: how many of a response's answers are still last year's; "" for none.

    sections: what a response keeps of each of its sections.
    """
    waiting = sum(section.get("unconfirmed", 0) for section in sections)
    return share_to_confirm(waiting, sum(section.get("filled", 0) for section in sections))


def share_to_confirm(waiting, filled):
    """The same from the two numbers."""
    return f"{waiting:,} of {count(filled, 'answer')} to confirm" if waiting else ""


def count(number, thing):
    """``1 error``, ``2 errors``"""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def and_(names):
    """``Ruth, Priya and Daniel``"""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


@dataclass
class Line(Words):
    """One service entry. ``people``: names of those asked to answer; ``due_on``: the first day it is due from them."""

    entry: ServiceEntry
    url: str = ""
    progress: str = Progress.NOT_STARTED.value
    errors: int = 0
    unusual: int = 0
    sections_complete: int = 0
    sections_total: int = 0
    to_confirm: str = ""  # 12 of 40 answers to confirm
    people: list[str] = field(default_factory=list)
    due_on: date | None = None
    saved_at: datetime | None = None
    is_unopened: bool = False  # somebody was asked and has not opened it yet

    @property
    def is_unasked(self):
        return not self.people and self.progress == Progress.NOT_STARTED

    @property
    def urgency(self):
        """Sorts the most urgent first: late, with errors, to explain, started, not started, complete."""
        order = {Progress.IN_PROGRESS: 0, Progress.NOT_STARTED: 1, Progress.COMPLETE: 2}
        due = self.due_on or date.max
        return (
            -self.days_late,
            order[self.progress],
            -min(self.errors, 1),
            -min(self.unusual, 1),
            due,
            *self.by_name,
        )

    @property
    def by_name(self):
        return (self.entry.name.lower(), self.entry.pk)


FILTERS = {
    "": ("All", lambda line: True),
    "late": ("Late", lambda line: line.days_late > 0),
    "errors": ("With errors", lambda line: line.errors > 0),
    "unusual": ("To explain", lambda line: line.unusual > 0),
    "unasked": ("No one asked", lambda line: line.is_unasked),
    "not_started": ("Not started", lambda line: line.progress == Progress.NOT_STARTED),
    "in_progress": ("In progress", lambda line: line.progress == Progress.IN_PROGRESS),
    "complete": ("Complete", lambda line: line.progress == Progress.COMPLETE),
}

SORTS = {
    "": ("Most urgent first", lambda line: line.urgency),
    "name": ("Name", lambda line: line.by_name),
    "category": ("Category", lambda line: (line.entry.category, *line.by_name)),
    "due": ("Due", lambda line: (line.due_on or date.max, *line.by_name)),
}


def lines_of(annual_return, user):
    """Every service of a return that took people, as Lines; three queries however many there are."""
    entries = ServiceEntry.objects.visible_to(user).filter(annual_return=annual_return).open()
    shown = ("name", "category", "listing", "annual_return_id", "service__reference")
    responses = _responses_of(annual_return)
    return [
        _line(entry, responses.get(entry.pk, []), user)
        for entry in entries.select_related("service").only(*shown)
    ]


def _responses_of(annual_return):
    """Entry -> its responses as dicts, without their answers; under ``asked`` whom each was given to."""
    rows = _about_services(annual_return).values(
        "pk", "service_entry_id", "progress", "sections", "hard_count", "soft_open_count", "saved_at"
    )
    asked, found = _asked_of(annual_return), {}
    for row in rows:
        still = [one for one in asked.get(row["pk"], []) if _is_still_asked(one["section"], row["sections"])]
        found.setdefault(row["service_entry_id"], []).append({**row, "asked": still})
    return found


def sections_of(annual_return):
    """Entry -> what its responses keep of each of their sections."""
    found = {}
    for entry, sections in _about_services(annual_return).values_list("service_entry_id", "sections"):
        found.setdefault(entry, []).extend(sections.values())
    return found


def _about_services(annual_return):
    """The responses about the services of a return."""
    model = ServiceEntry._meta.get_field("responses").related_model
    return model.objects.filter(part__annual_return=annual_return, service_entry__isnull=False)


def _is_still_asked(section, summary):
    """Whether a section that was given to somebody is asked; "" is the whole questionnaire."""
    return not (section and summary) or section in summary


def _asked_of(annual_return):
    """Response -> the delegations of it that stand, as dicts, in the order of asking."""
    asked = {}
    shown = ("response_id", "section", "due_on", "opened_at", "to_id", "to__name", "to__email",
             "invitation__name", "invitation__email")  # fmt: skip
    for delegation in annual_return.delegations.standing().order_by("created_at", "pk").values(*shown):
        asked.setdefault(delegation["response_id"], []).append(delegation)
    return asked


def _line(entry, responses, user):
    if not responses:
        return Line(entry)
    sections = [section for response in responses for section in response["sections"].values()]
    asked = [delegation for response in responses for delegation in response["asked"]]
    return Line(
        entry,
        progress=least([response["progress"] for response in responses]),
        errors=sum(response["hard_count"] for response in responses),
        unusual=sum(response["soft_open_count"] for response in responses),
        sections_complete=sum(section["progress"] == Progress.COMPLETE for section in sections),
        sections_total=len(sections),
        to_confirm=to_confirm_words(sections),
        people=names_of(asked, user),
        due_on=min((one["due_on"] for one in asked if one["due_on"]), default=None),
        saved_at=max((r["saved_at"] for r in responses if r["saved_at"]), default=None),
        is_unopened=bool(asked) and not any(one["opened_at"] for one in asked),
    )


def least(progresses):
    """The progress of a whole, such as a service, from that of its parts, such as its responses."""
    if all(progress == Progress.COMPLETE for progress in progresses):
        return Progress.COMPLETE.value
    started = any(progress != Progress.NOT_STARTED for progress in progresses)
    return Progress.IN_PROGRESS.value if started else Progress.NOT_STARTED.value


def names_of(asked, user):
    """Who was asked, each once, in the order of asking; the reader is ``you``."""
    names = ["you" if one["to_id"] == user.pk else _name(one) for one in asked]
    return list(dict.fromkeys(names))


def _name(asked):
    of_person = asked["to__name"] or asked["to__email"]
    return of_person or asked["invitation__name"] or asked["invitation__email"]


@dataclass(frozen=True)
class Wanted:
    """Which lines somebody wants to see, and in which order; read from an address by ``ListFilterForm``."""

    search: str = ""
    category: str = ""
    person: str = ""
    only: str = ""
    sort: str = ""

    def found(self, lines):
        """Lines that match all but ``only``; the counts of the chips are taken from these."""
        words = self.search.lower().split()
        return [
            line
            for line in lines
            if all(word in _searched(line) for word in words)
            and self.category in ("", line.entry.category)
            and (not self.person or self.person in line.people)
        ]

    def chosen(self, found):
        """Of the lines found, those that the chip lets through, sorted."""
        return sorted(filter(FILTERS[self.only][1], found), key=SORTS[self.sort][1])


def _searched(line):
    entry = line.entry
    return f"{entry.name} {entry.category_label} {entry.reference}".lower()


def counts_of(found):
    """Chip key -> how many of the lines found it lets through; chips without any are left out, *All* stays."""
    counted = {key: sum(map(lets_through, found)) for key, (_, lets_through) in FILTERS.items()}
    return {key: count for key, count in counted.items() if count or key == ""}

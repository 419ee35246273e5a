"""The figures that a director sees first: this year's beside last year's, the region's and England's. Pure.

Each is a sum of facts, or one sum over another. Areas hold sums with their base (``reports.figures``), so the same
row can be worked out for an organisation and for an area; a change is the difference of the figures as shown.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from reports.facts import ANSWERED
from reports.wording import figure, percent, rounded, signed

UNDER_18S = "under_18s"
NOTHING = "N/A"


@dataclass
class Sums:
    """What the facts of one organisation add up to: (measure, item) -> sum, (measure, item, choice) -> count."""

    numbers: dict[tuple, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    choices: dict[tuple, int] = field(default_factory=lambda: defaultdict(int))
    services: int | None = None

    def add(self, measure, item, *, number=None, choice="", times=1):
        if number is not None:
            self.numbers[measure, item] += number
        elif choice:
            self.choices[measure, item, choice] += times

    def add_facts(self, facts):
        for fact in facts:
            if fact.state == ANSWERED and not fact.area:
                self.add(fact.measure, fact.item, number=fact.number, choice=fact.choice)

    def total(self, measure, items=()):
        """The sum of a measure over some of its items, or over all; None where nothing was answered."""
        found = [
            number
            for (name, item), number in self.numbers.items()
            if name == measure and (not items or item in items)
        ]
        return sum(found) if found else None

    def chosen(self, measure, choice):
        """How many items of a measure have this choice; None where the measure was not answered at all."""
        found = {key: n for key, n in self.choices.items() if key[0] == measure}
        return sum(n for key, n in found.items() if key[2] == choice) if found else None

    def items(self, measure):
        """How many items of a measure have an answer."""
        return len({item for name, item, _ in self.choices if name == measure})


@dataclass(frozen=True)
class AreaSums:
    """What an area adds up to: (measure, item) -> (value, base)."""

    name: str
    amounts: Mapping[tuple, tuple[Decimal | None, Decimal | None]]

    def total(self, measure, items=()):
        values = [self.amounts.get((measure, item), (None,))[0] for item in items or ("",)]
        known = [value for value in values if value is not None]
        return sum(known) if known else None

    def under_18s(self, measure):
        return self.amounts.get((measure, ""), (None, None))[1]

    def average_count(self, measure):
        """How many items an authority says yes to on average: the sum of the shares of all items."""
        shares = [
            value / base for (name, _), (value, base) in self.amounts.items() if name == measure and base
        ]
        return sum(shares) if shares else None


@dataclass(frozen=True)
class Top:
    """What is summed: a measure, or some items of it."""

    measure: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """One row of the table. bottom: what the sum is divided by, UNDER_18S, or () for the sum itself."""

    label: str
    top: Top
    bottom: tuple[Top, ...] | str = ()
    per: int = 1
    decimals: int = 0
    under: str = ""

    @property
    def is_share(self):
        return self.per == 100

    def of_organisation(self, sums, under_18s):
        """The figure of an organisation, exact; None where it cannot be told."""
        top = sums.total(self.top.measure, self.top.items)
        return self._divided(top, sums, under_18s)

    def of_area(self, area):
        """The figure of an area; sums themselves are not comparable, so None for those."""
        if not self.bottom:
            return None
        top = area.total(self.top.measure, self.top.items)
        return self._divided(top, area, area.under_18s(self.top.measure))

    def _divided(self, top, sums, under_18s):
        if top is None or not self.bottom:
            return top
        if self.bottom == UNDER_18S:
            bottom = under_18s
        else:
            parts = [sums.total(part.measure, part.items) for part in self.bottom]
            bottom = sum(part for part in parts if part is not None)
        return Decimal(top) * self.per / bottom if bottom else None

    def shown(self, number):
        if number is None:
            return NOTHING
        return percent(number) if self.is_share else figure(number, self.decimals)


LONG_WAITS = ("w4", "w5")
KNOWN_WAITS = ("w1", "w2", "w3", "w4", "w5")
STAFF, CASELOAD, WAITING = Top("wte"), Top("caseload"), Top("waiting")

OF_SERVICES = (
    Kind("Staff, WTE", STAFF, decimals=1, under="In post on {census}"),
    Kind("Staff for each 100,000 under 18", STAFF, UNDER_18S, per=100_000, decimals=1),
    Kind("Vacant posts", Top("vacancies"), (STAFF, Top("vacancies")), per=100, under="Of all posts, in WTE"),
    Kind("Children on the caseload", CASELOAD, under="On {census}"),
    Kind("Caseload for each 10,000 under 18", CASELOAD, UNDER_18S, per=10_000),
    Kind("New cases", Top("new_cases"), under="In {month}"),
    Kind("Waiting for a first appointment", WAITING, under="On {census}"),
    Kind(
        "Waiting over 18 weeks",
        Top("waiting_time", LONG_WAITS),
        (Top("waiting_time", KNOWN_WAITS),),
        per=100,
        under="Of those whose wait is known",
    ),
    Kind("Referrals accepted", Top("referrals_accepted"), (Top("referrals"),), per=100),
)
# Yeses of a table of the Children's Trust questionnaire: label, measure.
OF_TRUST = (
    ("Agencies on the Board", "board_on"),
    ("Parts of the needs assessment covered", "jsna_covered"),
    ("Parts of it used in planning", "jsna_used"),
    ("Areas commissioned jointly", "joint_on"),
)


@dataclass(frozen=True)
class Row:
    """A row as shown. is_explained: something that it sums was unusual and has been explained."""

    label: str
    last: str
    this: str
    change: str
    areas: tuple[str, ...] = ()
    under: str = ""
    is_explained: bool = False


def service_rows(this, last, *, dates, areas=(), under_18s=None, explained=frozenset()):
    """The rows of the services part.

    this, last: Sums, last None without any from before. dates: words for ``census`` and ``month``.
    areas: AreaSums. under_18s: residents, or None. explained: measures of which a figure was explained.
    """
    rows = [_count_row(this, last, areas)]
    for kind in OF_SERVICES:
        if kind.bottom != UNDER_18S or under_18s:
            rows.append(_row(kind, this, last, areas, under_18s, dates, explained))
    return rows


def _count_row(this, last, areas):
    before = None if last is None else last.services
    return Row(
        "Services in the list",
        NOTHING if before is None else figure(before),
        figure(this.services or 0),
        "" if before is None else signed((this.services or 0) - before),
        tuple("" for _ in areas),
    )


def _row(kind, this, last, areas, under_18s, dates, explained):
    now = kind.of_organisation(this, under_18s)
    before = kind.of_organisation(last, under_18s) if last else None
    return Row(
        kind.label,
        kind.shown(before),
        kind.shown(now),
        change_of(before, now, kind.decimals, is_share=kind.is_share),
        tuple(kind.shown(kind.of_area(area)) if kind.bottom else "" for area in areas),
        under=kind.under.format(**dates),
        is_explained=kind.top.measure in explained and not kind.bottom,
    )


def change_of(before, now, decimals=0, *, is_share=False):
    """The difference of two figures as they are shown; nothing where one of them is missing."""
    if before is None or now is None:
        return ""
    change = rounded(now, decimals) - rounded(before, decimals)
    return (
        f"{signed(change)} point{'' if abs(change) == 1 else 's'}" if is_share else signed(change, decimals)
    )


def trust_rows(this, last, *, areas=(), explained=frozenset()):
    """The rows of the organisation part: yeses of tables, beside those an authority has on average.

    Where one year asks of more items than the other, the counts stand side by side without a change.
    """
    rows = []
    for label, measure in OF_TRUST:
        now, before = this.chosen(measure, "yes"), last.chosen(measure, "yes") if last else None
        if now is None and before is None:
            continue
        is_like = last is not None and this.items(measure) == last.items(measure)
        averages = [area.average_count(measure) for area in areas]
        rows.append(
            Row(
                label,
                NOTHING if before is None else figure(before),
                NOTHING if now is None else figure(now),
                change_of(before, now) if is_like else "",
                tuple(NOTHING if mean is None else figure(mean, 1) for mean in averages),
                under=_out_of(measure, this, last),
                is_explained=measure in explained,
            )
        )
    return rows


def _out_of(measure, this, last):
    """``Of 23, before of 14``: how many items were answered."""
    now, before = this.items(measure), last.items(measure) if last else 0
    return f"Of {now}, before of {before}" if before not in (0, now) else f"Of {now}"

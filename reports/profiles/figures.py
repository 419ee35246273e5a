"""What a local authority profile is made from: figures already computed, compared and suppressed.

The data side fills these from facts and area figures; nothing below knows a database. A ``Value`` is
a number or a mark, never both: suppression has been decided before it comes here.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from reports.charts import Hexagon

Number = int | Decimal

WHOLE, ONE_DECIMAL, PERCENT = "whole", "one decimal", "percent"


@dataclass(frozen=True)
class Value:
    """A figure: ``number`` exact, or a ``mark`` in its place (a key of ``document.MARKS``).

    flag: ``b``, ``e``, ``p`` or ``r`` beside the number (``document.FLAGS``).
    """

    number: Number | None = None
    mark: str = "N/A"
    flag: str = ""

    @property
    def is_shown(self):
        return self.number is not None


NOT_ASKED = Value(mark="N/A")
NO_RETURN = Value(mark="no return")
HELD_BACK = Value(mark="*")


@dataclass(frozen=True)
class Compared:
    """One measure of the authority beside last year, its region and England; each may be a mark."""

    own: Value
    last_year: Value = NOT_ASKED
    region: Value = NOT_ASKED
    england: Value = NOT_ASKED


@dataclass(frozen=True)
class Spread:
    """How a measure lies over the authorities that returned: lowest, quartiles, highest, how many."""

    lowest: Number
    lower_quartile: Number
    upper_quartile: Number
    highest: Number
    authorities: int


@dataclass(frozen=True)
class Funnel:
    """What the limits of chance are worked out from.

    count of base, with England's pooled value as ``england`` in the same scale (per 100, per 10,000).
    kind: ``share`` (binomial: count is part of base) or ``rate`` (Poisson: count per base people).
    """

    kind: str
    count: int
    base: int
    per: int
    england: Number


@dataclass(frozen=True)
class KeyFigure:
    """One of the six key figures, and everything the rules of findings need to know about it.

    code: indicator (P01). unit: what it is per, in words. form: WHOLE, ONE_DECIMAL or PERCENT.
    people: the people (or services) behind it; under ten it is never named as a finding.
    is_comparable: last year and this year may be compared (same definition, no break, both complete
    to 90 percent). section: key of the section that shows it. consists_of: a plain sentence for a finding.
    why_not: why there is no comparison, where little data forbids one.
    """

    code: str
    name: str
    unit: str
    form: str
    figures: Compared
    people: int
    section: str
    spread: Spread | None = None
    funnel: Funnel | None = None
    is_comparable: bool = True
    consists_of: str = ""
    question: str = ""
    why_not: str = ""


@dataclass(frozen=True)
class Authority:
    """under_18s: resident children aged 0 to 17 (None if not known), of the mid-year ``population_year``."""

    code: str
    name: str
    official_name: str
    region_code: str
    region_name: str
    under_18s: int | None
    population_year: int


@dataclass(frozen=True)
class Collection:
    """year and last_year as 2008/09; ``last_year`` is empty for the first collection."""

    year: str
    last_year: str
    census_date: datetime.date
    demonstration: str = ""  # what is invented and what is real; empty outside the demonstration


@dataclass(frozen=True)
class Status:
    """A final document has a release number; without one it is provisional, from current answers.

    date: of the release, or of the draft. corrections: one line each, shown in the methods.
    """

    date: datetime.date
    release: int | None = None
    signed_off_on: datetime.date | None = None
    signed_off_by: str = ""  # a post, not a name
    corrections: tuple[str, ...] = ()

    @property
    def is_provisional(self):
        return self.release is None


@dataclass(frozen=True)
class ReturnLine:
    """One part or questionnaire of the return: responses owed and answered, and its state in words."""

    part: str
    owed: int
    answered: int
    signed_off_on: datetime.date | None
    state: str


@dataclass(frozen=True)
class Comparators:
    """How many authorities the comparisons rest on, for each part: region, England, eligible."""

    part: str
    region: int
    england: int
    england_eligible: int


@dataclass(frozen=True)
class CategoryLine:
    """One category with at least one service, this year or last; groups and lines in classification order.

    tiers: universal, targeted, specialist, not stated. sectors: council, other public, voluntary, private.
    holding: services that hold cases. Then the children of these services.
    """

    code: str
    name: str
    group: str
    services: int
    services_last_year: Value
    tiers: tuple[int, int, int, int]
    sectors: tuple[int, int, int, int]
    holding: int
    caseload: Value
    seen: Value
    new: Value
    waiting: Value


@dataclass(frozen=True)
class Service:
    """A line of the register in the annex. No contact of a person, no figure."""

    reference: str
    name: str
    category: str
    tier: str
    provider: str
    ages: str


@dataclass(frozen=True)
class Shares:
    """Exact percentages of the parts of a whole, for own, region and England; None where not to be shown."""

    own: tuple[Number, ...] | None
    region: tuple[Number, ...] | None
    england: tuple[Number, ...] | None


@dataclass(frozen=True)
class StaffGroup:
    """WTE in post, people, vacant WTE, vacancy rates in percent; per_100k: WTE per 100,000 aged 0 to 17."""

    name: str
    wte: Value
    people: Value
    vacant: Value
    vacancy_rate_last_year: Value
    vacancy_rate: Value
    per_100k: Compared


@dataclass(frozen=True)
class Workforce:
    """groups in order of size; ``total`` has the same columns.

    agency_wte: of the WTE in post; agency_share: percent of WTE. vacant_long: funded posts (WTE)
    vacant for more than three months. answered of listed services; without_figures: what they are.
    """

    groups: tuple[StaffGroup, ...]
    total: StaffGroup
    wte_last_year: Value
    agency_wte: Compared
    agency_share: Compared
    vacant_long: Compared
    answered: int
    listed: int
    without_figures: str = ""
    question: str = ""


@dataclass(frozen=True)
class ActivityYear:
    """One collection, oldest first. break_before: why it cannot be compared with the one before."""

    year: str
    caseload: Value
    seen: Value
    new: Value
    waiting: Value
    break_before: str = ""


@dataclass(frozen=True)
class Band:
    """A band of ages or waits: own children as a count, last year's count."""

    name: str
    own: Value
    last_year: Value


@dataclass(frozen=True)
class RateLine:
    """A rate against chance: words of the rate, and what its limits come from."""

    name: str
    form: str
    funnel: Funnel


@dataclass(frozen=True)
class Activity:
    """years: up to three collections, oldest first, the last one this year's.

    ages, new_waits, waiting_waits: bands without the not-known one, which has its own field.
    age_shares, new_wait_shares: exact percentages over the same bands, not known left out.
    unknown_share: percent not known for own, region, England.
    """

    years: tuple[ActivityYear, ...]
    holding: int
    answered: int
    ages: tuple[Band, ...]
    ages_unknown: Band
    age_shares: Shares
    new_waits: tuple[Band, ...]
    new_waits_unknown: Band
    new_wait_shares: Shares
    new_wait_unknown_shares: tuple[Number | None, Number | None, Number | None]
    waiting_waits: tuple[Band, ...]
    waiting_waits_unknown: Band
    rates: tuple[RateLine, ...] = ()
    question: str = ""


YES, NO, BLANK, ASKED_NOT = "Yes", "No", "no answer", "N/A"


@dataclass(frozen=True)
class BoardRow:
    """One agency. on: YES, NO, BLANK or ASKED_NOT; level in words (empty: not stated).

    on_board, head, senior, other: percent of the authorities compared; no_response, not_stated: numbers.
    """

    agency: str
    has_duty: bool
    on: str
    level: str
    region_on_board: Value
    on_board: Value
    no_response: Value
    head: Value
    senior: Value
    other: Value
    not_stated: Value


@dataclass(frozen=True)
class JointRow:
    """One area of joint commissioning; ``england`` and ``region`` in percent of all that answered."""

    area: str
    joint: str
    last_year: str
    form: str
    partners: str
    region: Value
    england: Value

    @property
    def has_ended(self):
        return self.last_year == YES and self.joint == NO


@dataclass(frozen=True)
class ShareRow:
    """An answer with the share of authorities that gave it: the chair, a strategy, a needs assessment."""

    name: str
    own: str
    region: Value
    england: Value


@dataclass(frozen=True)
class NeedsComponent:
    """A component of the needs assessment: covered YES, NO, "part" or BLANK; used in commissioning."""

    name: str
    covered: str
    used: str
    england: Value


@dataclass(frozen=True)
class Trust:
    """The Children's Trust answers; ``compared``: authorities in the comparison, of ``eligible``.

    ended_reasons: area -> reason given. questions as of findings.
    """

    board: tuple[BoardRow, ...]
    chairs: tuple[ShareRow, ...]
    others: tuple[ShareRow, ...]
    strategy: ShareRow
    joint: tuple[JointRow, ...]
    needs: ShareRow
    needs_year: int | None
    components: tuple[NeedsComponent, ...]
    compared: int
    compared_region: int
    eligible: int
    ended_reasons: tuple[tuple[str, str], ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Lacking:
    """Why a section has no figures, what would be there, what it does not mean, who can change it."""

    lead: str
    why: str
    would_be: str
    does_not_mean: str
    who_can_change: str
    known: tuple[tuple[str, Value, Value], ...] = ()  # figure, last year, this year


@dataclass(frozen=True)
class Expected:
    """One partner whose services see the children of the area. state: Signed off, No return, ..."""

    partner: str
    state: str
    missing: str
    changes: str

    @property
    def has_return(self):
        return self.state == "Signed off"


@dataclass(frozen=True)
class Gap:
    """A section or figure that the profile lacks."""

    what: str
    state: str
    reason: str


@dataclass(frozen=True)
class LocalAuthorityFigures:
    """Everything a local authority profile says; a section given as ``Lacking`` keeps its page."""

    exercise: str
    authority: Authority
    collection: Collection
    status: Status
    hexagons: tuple[Hexagon, ...]
    returns: tuple[ReturnLine, ...]
    comparators: tuple[Comparators, ...]
    key_figures: tuple[KeyFigure, ...]
    categories: tuple[CategoryLine, ...] | Lacking
    tier_shares: Shares
    sector_shares: Shares
    services: tuple[Service, ...]
    workforce: Workforce | Lacking
    activity: Activity | Lacking
    trust: Trust | Lacking
    expected: tuple[Expected, ...]
    gaps: tuple[Gap, ...] = ()
    weaknesses: tuple[str, ...] = ()
    can_be_said: tuple[str, ...] = ()  # for an authority with little data

    @property
    def service_count(self):
        return 0 if isinstance(self.categories, Lacking) else sum(line.services for line in self.categories)

    @property
    def has_little_data(self):
        """Too few services or children for rates and charts (under ten, under 1,000)."""
        children = self.authority.under_18s
        return self.service_count < 10 or (children is not None and children < 1000)

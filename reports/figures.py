"""Figures of areas from facts of organisations: sums that add up, never ratios. Pure.

A figure is a ``value`` and the ``base`` it is a part or a rate of, so that areas add up to larger areas and a share is
worked out last, from what is shown. Trust and service figures speak of the returns of local authorities;
R figures of all organisations on the register.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

ENGLAND = ("E92000001", "England")
LEVELS = ("england", "region", "sha", "la_type", "authority")

# Shares of authorities by a yes: of those that answered the question, or of all that answered the questionnaire.
YES_OF_ANSWERED = (
    "board_on",
    "board_families",
    "plan_consulted",
    "jsna",
    "jsna_covered",
    "jsna_used",
    "joint_strategy",
)
YES_OF_RESPONDENTS = ("joint_on",)
BOARD_LEVELS = ("head", "senior", "other")
CHOICES_OF_AUTHORITIES = ("board_chair", "plan_participation")
NO_BOARD = "no_board"

# Services: counted by what they are; sums of what they say.
COUNTED_BY = ("category", "tier", "sector", "purpose", "main_outcome", "multi_agency", "jointly_commissioned")
SUMS = (
    "caseload", "seen", "new_cases", "closed_cases", "waiting", "referrals", "referrals_accepted",
    "children_in_year", "disabled", "agency_wte", "vacant_long_wte", "contacts_offered", "contacts_attended",
    "contacts_missed", "wte", "heads", "vacancies", "seconded",
)  # fmt: skip
BREAKDOWNS = (
    "wte", "heads", "vacancies", "seconded", "waiting_time", "new_case_wait", "caseload_age", "caseload_sex",
    "caseload_ethnic_group", "caseload_groups", "referral_source", "take_up",
)  # fmt: skip
BY_CATEGORY = ("caseload", "seen", "new_cases", "waiting", "wte", "vacancies")


@dataclass(frozen=True)
class Place:
    """An organisation on the register of a collection. A flag of None is not known.

    areas: level -> (code, name) of the areas it counts in; under_18s: residents of an authority.
    """

    organisation: int
    kind: str
    areas: Mapping[str, tuple[str, str]]
    under_18s: int | None = None
    commissioner: bool | None = None
    child_health_provider: bool | None = None
    camhs_provider: bool | None = None

    @property
    def is_authority(self):
        return self.kind == "local_authority"


@dataclass
class Amount:
    """value of base, from so many organisations; a value of None is not known."""

    value: Decimal | None = Decimal(0)
    base: Decimal | None = Decimal(0)
    respondents: int = 0

    def add(self, other):
        unknown = self.value is None or other.value is None
        self.value = None if unknown else self.value + other.value
        self.base = None if self.base is None or other.base is None else self.base + other.base
        self.respondents += other.respondents


@dataclass(frozen=True)
class Row:
    """What one organisation adds to a figure."""

    organisation: int
    measure: str
    item: str
    amount: Amount


@dataclass
class Answers:
    """What the current facts of a collection say, summed for each organisation.

    choices: (organisation, measure, item) -> {choice: services or 1}, with the choice "" for a blank or special
    answer; numbers: the same key -> (sum, answers);
    categories: (organisation, measure, category) -> sum. asked: measure -> the items that the collection asks.
    """

    choices: Mapping[tuple, Mapping[str, int]] = field(default_factory=dict)
    numbers: Mapping[tuple, tuple[Decimal, int]] = field(default_factory=dict)
    categories: Mapping[tuple, Decimal] = field(default_factory=dict)
    asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    trust_respondents: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Returns:
    """Ids of the organisations that have a return, a signed-off part of any kind, and one of each kind."""

    registered: frozenset[int] = frozenset()
    responded: frozenset[int] = frozenset()
    finance: frozenset[int] = frozenset()
    services: frozenset[int] = frozenset()


def area_figures(places, answers, returns):
    """All figures of a collection: (measure, item, level, area code) -> (area name, Amount)."""
    authorities = [place for place in places if place.is_authority]
    rows = [
        *taking_part_rows(places, returns),
        *trust_rows(authorities, answers),
        *service_rows(authorities, answers),
    ]
    return by_area(rows, places)


def by_area(rows: Iterable[Row], places):
    """Rows added up to every area that the organisation counts in; the key of ``area_figures``."""
    places = {place.organisation: place for place in places}
    figures = {}
    for row in rows:
        for level, (code, name) in places[row.organisation].areas.items():
            _, amount = figures.setdefault((row.measure, row.item, level, code), (name, Amount()))
            amount.add(row.amount)
    return figures


def _part_of_one(is_part, is_in_base=True):
    """An organisation as one of a share: in the base or not, in the numerator or not."""
    return Amount(Decimal(bool(is_part and is_in_base)), Decimal(bool(is_in_base)), 1)


# Taking part: R01 to R04


def taking_part_rows(places, returns):
    """Organisations of the register, by type: registered, responded, and signed off by who is eligible."""
    for place in places:
        of = place.organisation
        yield Row(of, "registered", place.kind, _part_of_one(of in returns.registered))
        yield Row(of, "responded", place.kind, _part_of_one(of in returns.responded))
        if place.kind in ("pct", "local_authority"):
            yield _flagged(of, "finance_signed_off", place.kind, place.commissioner, of in returns.finance)
        if place.kind in ("pct", "nhs_trust"):
            for item in ("child_health_provider", "camhs_provider"):
                yield _flagged(of, "services_signed_off", item, getattr(place, item), of in returns.services)


def _flagged(organisation, measure, item, is_eligible, has_signed_off):
    """One of the eligible; where the register does not say who is, the figure of the area is not known."""
    if is_eligible is None:
        return Row(organisation, measure, item, Amount(None, None))
    return Row(organisation, measure, item, _part_of_one(has_signed_off, is_eligible))


# The Children's Trust: T01 to T09


def trust_rows(authorities, answers):
    """Answers of each authority that returned the Children's Trust questionnaire, as parts of shares."""
    for place in authorities:
        of = place.organisation
        is_respondent = of in answers.trust_respondents
        yield Row(of, "answered", "childrens_trust", _part_of_one(is_respondent))
        if is_respondent:
            yield from _yes_rows(of, answers)
            yield from _board_level_rows(of, answers)
            yield from _choice_rows(of, answers)


def _yes_rows(of, answers):
    for measure in (*YES_OF_ANSWERED, *YES_OF_RESPONDENTS):
        for item in answers.asked.get(measure, ()):
            if _is_asked(of, measure, item, answers):
                choice = _yes_or_no(of, measure, item, answers)
                in_base = measure in YES_OF_RESPONDENTS or choice is not None
                yield Row(of, measure, item, _part_of_one(choice == "yes", in_base))


def _is_asked(of, measure, item, answers):
    """Whether the authority was asked: it then has a fact, if only that it left the cell blank."""
    return (of, measure, item) in answers.choices or (measure == "board_on" and _has_no_board(of, answers))


def _has_no_board(of, answers):
    return _choice(of, "board_chair", "", answers) == NO_BOARD


def _yes_or_no(of, measure, item, answers):
    """The choice of an authority; without a Board no agency is on it. None for a blank or special answer."""
    if measure == "board_on" and _has_no_board(of, answers):
        return "no"
    return _choice(of, measure, item, answers)


def _board_level_rows(of, answers):
    """The level of each agency on the Board, of those whose level is stated."""
    for item in answers.asked.get("board_level", ()):
        if _is_asked(of, "board_on", item, answers):
            is_on = _yes_or_no(of, "board_on", item, answers) == "yes"
            level = _choice(of, "board_level", item, answers) if is_on else None
            for key in BOARD_LEVELS:
                yield Row(of, f"board_{key}", item, _part_of_one(level == key, level in BOARD_LEVELS))


def _choice_rows(of, answers):
    for measure in CHOICES_OF_AUTHORITIES:
        chosen = _choice(of, measure, "", answers)
        for option in answers.asked.get(f"{measure} options", ()):
            yield Row(of, measure, option, _part_of_one(chosen == option, chosen is not None))


def _choice(of, measure, item, answers):
    """The key that an authority chose, or None."""
    return next(iter(answers.choices.get((of, measure, item), ())), "") or None


# Services: P and W and A figures


def service_rows(authorities, answers):
    """Services, staff and children of each authority's own return; rates are of residents aged 0 to 17."""
    known = {place.organisation: place for place in authorities}
    yield from _counted_services(known, answers)
    yield from _sums(known, answers)
    for (of, measure, category), total in answers.categories.items():
        if of in known and measure in BY_CATEGORY:
            yield Row(of, f"{measure}_by_category", category, _rate(total, known[of]))


def _counted_services(known, answers):
    for (of, measure, item), counts in answers.choices.items():
        if of not in known or measure not in COUNTED_BY or item:
            continue
        counts = {choice: count for choice, count in counts.items() if choice}
        total = sum(counts.values())
        if measure == "category":
            yield Row(of, "services", "", _rate(Decimal(total), known[of]))
        for choice, count in counts.items():
            yield Row(of, f"services_by_{measure}", choice, Amount(Decimal(count), Decimal(total), 1))


def _sums(known, answers):
    totals = defaultdict(Decimal)
    for (of, measure, _), (total, _) in answers.numbers.items():
        totals[of, measure] += total
    for (of, measure, item), (total, _) in answers.numbers.items():
        if of in known and item and measure in BREAKDOWNS:
            base = known[of].under_18s if measure in SUMS else totals[of, measure]
            yield Row(of, measure, item, Amount(total, Decimal(base or 0), 1))
    for (of, measure), total in totals.items():
        if of in known and measure in SUMS:
            yield Row(of, measure, "", _rate(total, known[of]))


def _rate(total, place):
    return Amount(total, Decimal(place.under_18s or 0), 1)

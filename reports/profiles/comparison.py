"""Figures of other authorities to compare with: medians and spread of single rates, pooled shares. Pure.

Nothing is compared with fewer than five authorities. Of others a rate counts only where it could be shown for
them: no rate of one to four people, no share of fewer than ten.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from statistics import median, quantiles

from reports.figures import ENGLAND, Amount
from reports.profiles.figures import NOT_ASKED, Compared, Spread, Value
from reports.suppression import SMALLEST_BASE, is_small
from reports.wording import share_of

FEWEST_AUTHORITIES = 5
FEWEST_SERVICES, FEWEST_CHILDREN = 10, 1000
NONE = Amount()


def is_little(services, children):
    """Whether services or resident children (None if not known) are too few for rates."""
    return services < FEWEST_SERVICES or (children is not None and children < FEWEST_CHILDREN)


@dataclass(frozen=True)
class Ratio:
    """``count`` for every ``per`` of ``base``. is_share: the count is part of the base."""

    count: Decimal
    base: Decimal
    per: int
    is_of_people: bool = True

    @property
    def is_share(self):
        return self.per == 100

    @property
    def value(self):
        return self.count * self.per / self.base

    @property
    def can_be_shown(self):
        if not self.is_of_people:
            return True
        return self.base >= SMALLEST_BASE if self.is_share else not is_small(self.count)


def ratio_of(code, number, children):
    """The Ratio of an indicator of instruments 5.1 and 5.2, or None where something it needs is lacking.

    number: function of measure and item that gives a sum or None. children: residents aged 0 to 17 or None.
    """
    if code == "W04":
        vacant, in_post = number("vacancies"), number("wte")
        return None if vacant is None or in_post is None else _ratio(vacant, vacant + in_post, 100)
    if code == "W05":
        return _ratio(number("agency_wte"), number("wte"), 100)
    if code == "A08i":
        waits = [number("new_case_wait", item) or Decimal(0) for item in ("w1", "w2", "w3", "w4", "w5")]
        return _ratio(waits[0] + waits[1], sum(waits), 100)
    measure, per = {
        "P01": ("services", 10_000),
        "W02": ("wte", 100_000),
        "A06i": ("caseload", 10_000),
        "A07i": ("new_cases", 10_000),
    }[code]
    return _ratio(number(measure), children, per, is_of_people=measure != "services")


def _ratio(count, base, per, *, is_of_people=True):
    return Ratio(count, Decimal(base), per, is_of_people) if count is not None and base else None


@dataclass(frozen=True)
class Comparison:
    """The area figures of one collection, seen from one region.

    amounts: (measure, item, level, area code) -> Amount. regions: authority's code -> that of its region.
    eligible: how many authorities the register has.
    """

    region: str
    amounts: Mapping[tuple[str, str, str, str], Amount]
    regions: Mapping[str, str] = field(default_factory=dict)

    @property
    def eligible(self):
        return len(self.regions)

    @cached_property
    def returned(self):
        """The codes of the authorities that have signed off services."""
        return [code for code in self.regions if ("services", "", "authority", code) in self.amounts]

    @cached_property
    def answered_trust(self):
        """The codes of the authorities that have signed off the Children's Trust questionnaire."""
        answers = {
            code: self.amount("answered", "childrens_trust", "authority", code) for code in self.regions
        }
        return [code for code, amount in answers.items() if amount.value]

    def of_region(self, codes):
        return [code for code in codes if self.regions[code] == self.region]

    def amount(self, measure, item, level, code):
        return self.amounts.get((measure, item, level, code), NONE)

    def _number(self, level, code):
        def number(measure, item=""):
            amount = self.amounts.get((measure, item, level, code))
            return amount.value if amount else None

        return number

    def _ratio(self, indicator, level, code):
        children = self.amount("services", "", level, code).base
        return ratio_of(indicator, self._number(level, code), children)

    # Single rates and numbers: the median authority

    def rates(self, indicator, codes):
        """The rates of those of some authorities that have one and may show it, ascending."""
        ratios = (
            self._ratio(indicator, "authority", code) for code in codes if not self._has_little_data(code)
        )
        return sorted(ratio.value for ratio in ratios if ratio and ratio.can_be_shown)

    def _has_little_data(self, code):
        services = self.amount("services", "", "authority", code)
        return is_little(services.value, services.base)

    def medians(self, indicator):
        """(region's, England's) median rate as Values."""
        return tuple(median_of(self.rates(indicator, codes)) for codes in self._circles)

    def median_numbers(self, measure):
        """(region's, England's) median of a number of the authorities, as Values."""
        return tuple(median_of(self._numbers(measure, codes)) for codes in self._circles)

    def _numbers(self, measure, codes):
        """A number of those of some authorities that have one."""
        numbers = (self._number("authority", code)(measure) for code in codes)
        return [number for number in numbers if number is not None]

    @property
    def _circles(self):
        return self.of_region(self.returned), self.returned

    def spread(self, indicator):
        """How the rate lies over all authorities, or None with fewer than five."""
        rates = self.rates(indicator, self.returned)
        if len(rates) < FEWEST_AUTHORITIES:
            return None
        lower, _, upper = quantiles(rates, n=4, method="inclusive")
        return Spread(rates[0], lower, upper, rates[-1], len(rates))

    # Parts of a whole: all authorities together

    @property
    def _areas(self):
        return ("region", self.region), ("england", ENGLAND[0])

    def _is_enough(self, level, codes):
        return len(self.of_region(codes) if level == "region" else codes) >= FEWEST_AUTHORITIES

    def pooled(self, indicator):
        """(region's, England's) rate of all authorities together, exact, or None."""
        return tuple(
            ratio.value
            if self._is_enough(level, self.returned) and (ratio := self._ratio(indicator, level, code))
            else None
            for level, code in self._areas
        )

    def shares(self, measure, groups):
        """(region's, England's) shares in percent of groups of items in their sum, or None.

        groups: for each part the items that are added.
        """
        return tuple(
            self._shares(measure, groups, level, code) if self._is_enough(level, self.returned) else None
            for level, code in self._areas
        )

    def _shares(self, measure, groups, level, code):
        counts = [
            sum(self.amount(measure, item, level, code).value or 0 for item in items) for items in groups
        ]
        whole = sum(counts)
        return tuple(Decimal(count) * 100 / whole for count in counts) if whole else None

    def part_of(self, measure, item, all_items):
        """(region's, England's) share of one item in the sum of several, or None."""
        rest = [other for other in all_items if other != item]
        found = self.shares(measure, ([item], rest))
        return tuple(shares[0] if shares else None for shares in found)

    def staff_rates(self, items):
        """(region's, England's) WTE of some staff groups for every 100,000 children, as Values."""
        values = []
        for level, code in self._areas:
            children = self.amount("services", "", level, code).base
            wte = sum(self.amount("wte", item, level, code).value or 0 for item in items)
            enough = self._is_enough(level, self.returned) and children
            values.append(Value(Decimal(wte) * 100_000 / children, "") if enough else NOT_ASKED)
        return tuple(values)

    # Answers about the Children's Trust

    def answers(self, measure, item=""):
        """(region's, England's) share of authorities that answered yes, as Values."""
        return tuple(self._answer(measure, item, level, code) for level, code in self._areas)

    def _answer(self, measure, item, level, code):
        amount = self.amount(measure, item, level, code)
        if not self._is_enough(level, self.answered_trust) or not amount.base:
            return NOT_ASKED
        return Value(share_of(amount.value, amount.base), "")

    def of_england(self, measure, item):
        """England's Amount of answers, empty with fewer than five authorities."""
        enough = len(self.answered_trust) >= FEWEST_AUTHORITIES
        return self.amount(measure, item, "england", ENGLAND[0]) if enough else NONE


def median_of(numbers):
    return Value(median(numbers), "") if len(numbers) >= FEWEST_AUTHORITIES else NOT_ASKED


def compared(own, last_year, others):
    """A Compared of own Values and (region's, England's)."""
    return Compared(own, last_year, *others)

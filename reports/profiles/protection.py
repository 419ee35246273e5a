"""From own numbers to what a document shows. Pure.

A draft stays with the organisation that entered the figures and shows them all; a final profile leaves it, so
small numbers of people are held back, and what would give them away with them.
"""

from dataclasses import dataclass
from decimal import Decimal

from reports.profiles.figures import HELD_BACK, Value
from reports.suppression import SMALLEST_BASE, SMALLEST_COUNT, SMALLEST_WTE, held_back, is_small

NOTHING = Value(mark="\N{EN DASH}")  # nobody answered, or there is nothing to divide by


@dataclass(frozen=True)
class Protection:
    """``is_on`` for what leaves the organisation. Numbers of None are not known: nobody answered."""

    is_on: bool

    def hides(self, count):
        """Whether a count of people is too small to show."""
        return self.is_on and is_small(count)

    def people(self, count):
        """A count of people."""
        if count is None:
            return NOTHING
        return Value(mark=f"<{SMALLEST_COUNT}") if self.hides(count) else Value(count, "")

    def column(self, counts):
        """Counts of people whose sum is published."""
        hidden = self.hidden(counts)
        return [self._of_column(count, index in hidden) for index, count in enumerate(counts)]

    def _of_column(self, count, is_hidden):
        return HELD_BACK if is_hidden and not self.hides(count) else self.people(count)

    def hidden(self, counts):
        """Which of some counts with a published sum are not shown, as a set of positions."""
        if not self.is_on:
            return set()
        return {column for _, column in held_back([list(counts)])}

    def bands(self, counts, not_known):
        """(Values of the bands, Value of those not known, exact shares of the bands in percent or None).

        Shares are of the known. They are not shown where fewer than ten are known or a band is held back,
        since the others would give it away.
        """
        hidden = self.hidden([*counts, not_known])
        if len(hidden - {len(counts)}) == 1:  # its partner is the unknown, which shares leave out
            hidden |= self._partner(counts, hidden)
        values = [self._of_column(count, index in hidden) for index, count in enumerate([*counts, not_known])]
        return values[:-1], values[-1], None if hidden else self.shares(counts)

    def _partner(self, counts, hidden):
        others = [(count, index) for index, count in enumerate(counts) if index not in hidden and count]
        return {min(others)[1]} if others else set()

    def shares(self, counts):
        """Exact shares of people in percent, or None where they are too few."""
        whole = sum(count or 0 for count in counts)
        if not whole or (self.is_on and whole < SMALLEST_BASE):
            return None
        return tuple(Decimal(count or 0) * 100 / whole for count in counts)

    def share(self, part, whole):
        """A share of people, in percent."""
        if part is None or not whole:
            return NOTHING
        if self.is_on and (whole < SMALLEST_BASE or is_small(part)):
            return HELD_BACK
        return Value(part * 100 / whole, "")

    def share_of_posts(self, part, whole):
        """A share of posts, in percent: held back where they are fewer than ten."""
        if part is None or not whole:
            return NOTHING
        return HELD_BACK if self.is_on and whole < SMALLEST_BASE else Value(part * 100 / whole, "")

    def rate(self, count, base, per, *, people=None):
        """``count`` for every ``per`` residents; people: how many stand behind it, if that is not ``count``."""
        if count is None or not base:
            return NOTHING
        return HELD_BACK if self.hides(count if people is None else people) else Value(count * per / base, "")

    def staff(self, wte, heads):
        """(WTE, people) of one staff group: both are held back where the people are few."""
        if wte is None and heads is None:
            return NOTHING, NOTHING
        if self.hides(heads):
            few = self.is_on and wte is not None and 0 < wte < SMALLEST_WTE
            return (Value(mark="<1") if few else HELD_BACK), self.people(heads)
        return self.posts(wte), self.people(heads)

    def posts(self, wte):
        """Whole-time equivalents of several people; None where nobody answered."""
        if wte is None:
            return NOTHING
        return Value(mark="<1") if self.is_on and 0 < wte < SMALLEST_WTE else Value(wte, "")

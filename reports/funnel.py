"""The limits of chance: exact, from the binomial (shares) and the Poisson distribution (rates).

A value outside the 99.8% limits would come by chance in two of a thousand authorities.
"""

from math import exp, lgamma, log


def binomial_limits(base, share, coverage=0.998):
    """The lowest and highest count of ``base`` within ``coverage``, when each is hit with chance ``share``.

    share: 0 to 1. The lower limit is the first count whose cumulative chance exceeds half of what
    lies outside; the upper limit the first whose cumulative chance reaches the rest.
    """
    if share <= 0:
        return 0, 0
    if share >= 1:
        return base, base

    def chance(count):
        ways = lgamma(base + 1) - lgamma(count + 1) - lgamma(base - count + 1)
        return exp(ways + count * log(share) + (base - count) * log(1 - share))

    return _limits(chance, base, coverage)


def poisson_limits(expected, coverage=0.998):
    """The lowest and highest count within ``coverage``, when ``expected`` are to be expected."""
    if expected <= 0:
        return 0, 0

    def chance(count):
        return exp(count * log(expected) - expected - lgamma(count + 1))

    return _limits(chance, int(expected + 20 * expected**0.5 + 20), coverage)


def _limits(chance, highest, coverage):
    outside = (1 - coverage) / 2
    low, total = None, 0.0
    for count in range(highest + 1):
        total += chance(count)
        if low is None and total > outside:
            low = count
        if total >= 1 - outside:
            return low, count
    return low or 0, highest


def standing(count, low, high):
    """Where a count lies: ``lower``, ``within`` or ``higher``."""
    if count < low:
        return "lower"
    return "higher" if count > high else "within"

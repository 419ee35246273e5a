"""Drawing by lot, so that the same seed gives the same data whatever else is drawn."""

from decimal import ROUND_HALF_UP, Decimal
from random import Random


def lot(*names):
    """A Random of its own for whatever ``names`` say: lot(seed, "trafford", "S0001", 2009)."""
    return Random(":".join(map(str, names)))  # noqa: S311  # nothing secret is drawn


def split(total, weights, rng, *, spread=0.3):
    """``total`` in whole parts, about as ``weights`` say: a list that adds up to it exactly."""
    drawn = [weight * rng.uniform(1 - spread, 1 + spread) for weight in weights]
    whole = sum(drawn) or 1
    parts = [int(total * weight / whole) for weight in drawn]
    by_rest = sorted(range(len(drawn)), key=lambda place: parts[place] - total * drawn[place] / whole)
    for place in by_rest[: total - sum(parts)]:
        parts[place] += 1
    return parts


def near(value, rng, spread=0.15):
    """A whole number around ``value``, never below 0."""
    return max(0, round(value * rng.uniform(1 - spread, 1 + spread)))


def decimal(number, places="0.01"):
    """A figure as stored: the text of a Decimal, rounded half up."""
    return str(Decimal(str(number)).quantize(Decimal(places), ROUND_HALF_UP))


def some(options, rng, most=3):
    """One to ``most`` of the options, in their order."""
    chosen = set(rng.sample(list(options), min(len(options), rng.randint(1, most))))
    return [option for option in options if option in chosen]

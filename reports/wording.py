"""How figures become words and text, the same in every report: rounding, signs, lists, comparisons.

Everything here is pure. Rounding is half up, away from zero, on ``Decimal``, so that 62.5% is
shown as 63%; a change is always the difference of two figures as shown.
"""

from decimal import ROUND_HALF_UP, Decimal

MINUS = "\N{MINUS SIGN}"
SIMILAR_PERCENT = 5
NUMBER_WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def rounded(number, decimals=0):
    """``number`` rounded half up to ``decimals`` places, as a Decimal."""
    exact = number if isinstance(number, Decimal) else Decimal(str(number))
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def figure(number, decimals=0):
    """A number as shown: thousands comma, true minus, ``decimals`` places; zero is a plain 0."""
    shown = rounded(number, decimals)
    if shown == 0:
        return "0"
    return f"{shown:,}".replace("-", MINUS)


def percent(share):
    """A share already in percent as a whole percentage: 62.5 gives 63%."""
    return f"{figure(share)}%"


def share_of(part, whole):
    """``part`` of ``whole`` in percent, exact, or None where there is nothing to divide by."""
    return Decimal(part) * 100 / Decimal(whole) if whole else None


def signed(number, decimals=0):
    """A change as shown: +8, a true minus, or 0."""
    text = figure(number, decimals)
    return f"+{text}" if rounded(number, decimals) > 0 else text


def words_for(count):
    """A count as running text: a word up to ten, digits from eleven on."""
    return NUMBER_WORDS[count] if 0 <= count <= 10 else figure(count)


def counted(count, singular, plural=""):
    """A count with its noun: one service, three services, 139 services, no services."""
    noun = singular if count == 1 else plural or f"{singular}s"
    return f"{'no' if count == 0 else words_for(count)} {noun}"


def listed(items):
    """Items as an English list without the last comma: a, b and c."""
    items = list(items)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def sentence(text):
    """``text`` with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def percent_change(before, now):
    """The change from ``before`` to ``now``, both as shown, in percent of ``before``; None from zero."""
    return share_of(Decimal(now) - Decimal(before), before) if before else None


def compared_in_words(before, now):
    """How ``now`` stands to ``before``, both as shown: rose by 6%, fell by 8%, similar (4% more), unchanged.

    Within five percent either way nothing is said to have risen or fallen.
    """
    if before == now:
        return "unchanged"
    change = percent_change(before, now)
    if change is None:
        return f"rose from none to {figure(now)}"
    size = percent(abs(change))
    if abs(change) <= SIMILAR_PERCENT:
        return f"similar ({size} {'more' if change > 0 else 'less'})"
    return f"{'rose' if change > 0 else 'fell'} by {size}"


def share_in_words(share):
    """A share in percent for a sentence: *one in four* from 24 to 26, *half* from 49 to 51, else 37%."""
    shown = rounded(share)
    if 24 <= shown <= 26:
        return "one in four"
    return "half" if 49 <= shown <= 51 else percent(share)


def points(before, now):
    """The change of a share, in points of the whole percentages shown."""
    return rounded(now) - rounded(before)


def day(date):
    """A date as it is written in a report: 30 November 2008."""
    return f"{date.day} {date:%B} {date.year}"

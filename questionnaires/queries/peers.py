"""Between which figures the services of a category lay last time: what rule GS6 compares with."""

from decimal import Decimal

from django.core.cache import cache

from questionnaires.models import PeerRanges
from questionnaires.rules import plain

KEPT_SECONDS = 600


def ranges_for(collection, category):
    """What a collection compares a category with: question -> {per cent: (lowest, highest)}; {} while nobody knows.

    Of the last collection before it whose figures are known. Kept in the cache for ten minutes, so that a page asks
    the database for it once in a while only.
    """
    key = key_of(collection.year, category)
    return cache.get_or_set(key, lambda: _last_before(collection.year, category), KEPT_SECONDS)


def key_of(year, category):
    """The name under which is cached what the collection of ``year`` compares a category with."""
    return f"questionnaires.peers.{year}.{category}"


def _last_before(year, category):
    rows = PeerRanges.objects.filter(collection__year__lt=year, category=category)
    return read_ranges(rows.order_by("-collection__year").values_list("ranges", flat=True).first())


def ranges_of(collection):
    """The ranges of a collection itself: category -> question -> {per cent: (lowest, highest)}."""
    rows = PeerRanges.objects.filter(collection=collection).values_list("category", "ranges")
    return {category: read_ranges(ranges) for category, ranges in rows}


def read_ranges(stored):
    """``PeerRanges.ranges`` (or None) with numbers as numbers."""
    return {
        question: {
            int(percent): tuple(plain(Decimal(end)) for end in ends) for percent, ends in known.items()
        }
        for question, known in (stored or {}).items()
    }

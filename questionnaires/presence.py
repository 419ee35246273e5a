"""Who else is in a section of a response, kept for a short while in the cache; pages do without it."""

from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

STAYS_SECONDS = 75


def others_here(response_id, section, user):
    """Note that ``user`` is in the section, and return the names of others who were within the last minute or so."""
    key = f"questionnaires.here.{response_id}.{section}"
    now = timezone.now().timestamp()
    try:
        here = {pk: one for pk, one in (cache.get(key) or {}).items() if now - one[1] < STAYS_SECONDS}
        here[user.pk] = (str(user), now)
        cache.set(key, here, STAYS_SECONDS)
    except RedisError:
        return []  # nothing is lost without it: who clashes is found when saving
    return sorted(name for pk, (name, _) in here.items() if pk != user.pk)


def in_words(names):
    """``Priya Nair is``, ``Priya Nair and Tom Bradley are``; "" for nobody."""
    if not names:
        return ""
    return f"{names[0]} is" if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]} are"

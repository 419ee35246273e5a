"""The demonstration's clock moved to the day on which a piece of its story happens."""

from contextlib import contextmanager
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

LONDON = ZoneInfo("Europe/London")


@contextmanager
def on(day: date):
    """Meanwhile it is ``day`` for the exercise."""
    real = settings.DEMONSTRATION_TODAY
    settings.DEMONSTRATION_TODAY = day
    try:
        yield
    finally:
        settings.DEMONSTRATION_TODAY = real


def moment(day, hour, minute=0):
    """A time of the exercise on a day, aware."""
    return datetime.combine(day, time(hour, minute), LONDON)

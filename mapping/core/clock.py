"""The one place that knows what time it is for the exercise.

Dates of a collection are compared with ``now()`` and ``today()``. The demonstration moves this clock to its own
day and keeps the time of day; sessions, tokens and job timers use real time (``django.utils.timezone``).
"""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """The time of the exercise, aware, in Europe/London."""
    real = timezone.localtime()
    if settings.DEMONSTRATION:
        return real.replace(
            year=settings.DEMONSTRATION_TODAY.year,
            month=settings.DEMONSTRATION_TODAY.month,
            day=settings.DEMONSTRATION_TODAY.day,
        )
    return real


def today() -> date:
    return now().date()


def add_working_days(start: date, days: int) -> date:
    """The day that is ``days`` working days (Monday to Friday) after ``start``."""
    day = start
    while days:
        day += timedelta(days=1)
        if day.weekday() < 5:
            days -= 1
    return day

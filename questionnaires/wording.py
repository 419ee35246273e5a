"""The dates that the wording of a questionnaire prints, and the questionnaire with them filled in."""

import functools
from dataclasses import dataclass, fields, replace
from datetime import date


@dataclass(frozen=True)
class Dates:
    """The dates of a collection that its wording prints; the periods that answers are about."""

    census: date
    month: tuple[date, date]
    half_year: tuple[date, date]
    prev_fy: tuple[date, date]
    this_fy: tuple[date, date]
    acad_year: tuple[date, date]
    ni51_date: date

    @classmethod
    def of(cls, year):
        """The usual dates of a collection such as "2009/10"."""
        y = int(year[:4])
        return cls(
            census=date(y, 11, 30),
            month=(date(y, 11, 1), date(y, 11, 30)),
            half_year=(date(y, 6, 1), date(y, 11, 30)),
            prev_fy=(date(y - 1, 4, 1), date(y, 3, 31)),
            this_fy=(date(y, 4, 1), date(y + 1, 3, 31)),
            acad_year=(date(y - 1, 9, 1), date(y, 8, 31)),
            ni51_date=date(y, 12, 31),
        )

    def words(self, activity_period="month"):
        """What each placeholder prints; services that count over the half year read that for the month."""
        first, last = self.month
        month = f"{first:%B %Y}" if first.month == last.month else months(first, last)
        return {
            "census_date": day(self.census),
            "month": months(*self.half_year) if activity_period == "half_year" else month,
            "half_year": months(*self.half_year),
            "prev_fy": financial_year(self.prev_fy[0]),
            "this_fy": financial_year(self.this_fy[0]),
            "acad_year": months(*self.acad_year),
            "ni51_date": day(self.ni51_date),
        }


def day(date):
    """A day in words: 30 November 2009."""
    return f"{date.day} {date:%B %Y}"


def financial_year(first):
    """A financial year by its first day: 2008/09."""
    return f"{first.year}/{(first.year + 1) % 100:02}"


def months(first, last):
    """A period in words: June to November 2009, April 2008 to March 2009."""
    start = f"{first:%B}" if first.year == last.year else f"{first:%B %Y}"
    return f"{start} to {last:%B %Y}"


def worded(questionnaire, dates, activity_period="month"):
    """The questionnaire with the placeholders of all its texts filled in from `Dates`."""
    return _worded(questionnaire, dates, activity_period)


@functools.lru_cache(maxsize=64)
def _worded(questionnaire, dates, activity_period):
    fill = functools.partial(filled, words=dates.words(activity_period))
    sections = tuple(
        replace(section, intro=fill(section.intro), questions=tuple(map(fill, section.questions)))
        for section in questionnaire.sections
    )
    return replace(questionnaire, sections=sections)


TEXTS = ("label", "short", "help")


def filled(item, words):
    """A text, question, column, row or option with its placeholders filled."""
    if isinstance(item, str):
        for name, text in words.items():
            item = item.replace(f"{{{name}}}", text)
        return item
    names = {entry.name for entry in fields(item)}
    changes = {name: filled(getattr(item, name), words) for name in TEXTS}
    for name in names & {"rows", "columns", "options"}:
        changes[name] = tuple(filled(part, words) for part in getattr(item, name))
    return replace(item, **changes)

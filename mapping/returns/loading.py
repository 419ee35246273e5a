"""Loads the collections from their file. Dates that the national team has changed since stay."""

from datetime import date

from accounts.loading.rows import read_rows
from accounts.loading.upsert import Register, bring_in_line
from mapping.returns.models import Collection

DATES = ("registration_opens", "entry_opens", "census_date", "entry_closes", "published_on")
COLLECTIONS = Register("Collections", Collection, key=("year",), once=DATES)


def load_collections(directory):
    """Add the collections of ``collections.csv`` that are not there yet; returns the Outcome."""
    return bring_in_line(COLLECTIONS, read_rows(directory / "collections.csv", _collection))


def _collection(row):
    days = {name: date.fromisoformat(row[name]) if row[name] else None for name in DATES}
    return {"year": int(row["year"]), **days}

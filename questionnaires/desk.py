"""A visitor's desk: what somebody types in the sandbox, kept in memory for two hours and nowhere else.

It lies in the cache under a name that nobody can guess, which the visitor's browser holds in a signed cookie. No
model knows of it, so nothing of it can reach a list, a count, a file or a mail. Docs: docs/reference/sandbox.md.
"""

import json
import re
import secrets
from dataclasses import asdict, dataclass, field

from django.core.cache import cache

KEPT_SECONDS = 2 * 60 * 60
MOST_LETTERS = 60_000  # of one questionnaire as JSON; the longest one filled in has about a third of that
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class NotKept(Exception):
    """The desk takes nothing more; the message tells the visitor why."""


@dataclass(frozen=True)
class Said:
    """Why an unusual answer is right: one of the listed reasons, words, or both.

    given_for: the figures that it explains; "" while it does not say enough.
    """

    text: str
    reason: str
    given_for: str
    at: str  # as of the exercise's clock, ISO


@dataclass(frozen=True)
class Paper:
    """One questionnaire on the desk. cells: cell id -> stored value; reasons: (rule, cell id) -> Said."""

    cells: dict = field(default_factory=dict)
    reasons: dict = field(default_factory=dict)
    version: int = 0
    at: str = ""  # when it was last changed, as of the exercise's clock, ISO


def new_token():
    """The name of a new desk."""
    return secrets.token_urlsafe(32)


def is_token(text):
    return bool(TOKEN.fullmatch(text or ""))


def read(token, name):
    """The Paper of that name; an empty one where there is none, or none any more."""
    text = cache.get(_key(token, name)) if token else None
    if text is None:
        return Paper()
    kept = json.loads(text)
    reasons = {(rule, cell): Said(**reason) for rule, cell, reason in kept.pop("reasons")}
    return Paper(**kept, reasons=reasons)


def keep(token, name, paper):
    """Lay a Paper on the desk for the next two hours; raises NotKept where it is too long."""
    reasons = [[*key, asdict(reason)] for key, reason in paper.reasons.items()]
    text = json.dumps({"cells": paper.cells, "version": paper.version, "at": paper.at, "reasons": reasons})
    if len(text) > MOST_LETTERS:
        raise NotKept("The sandbox takes no more text in this questionnaire. Clear it to go on.")
    cache.set(_key(token, name), text, KEPT_SECONDS)


def clear(token, names):
    """Take the papers of those names off the desk, for good."""
    cache.delete_many([_key(token, name) for name in names])


def _key(token, name):
    return f"questionnaires.desk.{token}.{name}"

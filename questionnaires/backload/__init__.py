"""Answers in bulk, from files of earlier years: read, checked as on screen, written all or not at all."""

from questionnaires.backload.lines import HEADER, Line, Refusal, Refused, read_lines
from questionnaires.backload.writing import SYSTEM_ACCOUNT, load_answers, system_account

__all__ = [
    "HEADER",
    "SYSTEM_ACCOUNT",
    "Line",
    "Refusal",
    "Refused",
    "load_answers",
    "read_lines",
    "system_account",
]

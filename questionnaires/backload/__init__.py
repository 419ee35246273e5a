"""Answers in bulk, from files of earlier years: read, checked as on screen, written all or not at all."""

from questionnaires.backload.lines import HEADER, Line, Refusal, Refused, read_lines
from questionnaires.backload.writing import load_answers

__all__ = [
    "HEADER",
    "Line",
    "Refusal",
    "Refused",
    "load_answers",
    "read_lines",
]

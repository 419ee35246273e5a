"""Reads the rows of one register's CSV file, and the values in its cells."""

import csv

YES_NO = {"yes": True, "no": False}


class RegisterError(Exception):
    """A register's file says something that cannot be taken in; names the file and the line."""


def read_rows(path, read):
    """What ``read`` makes of each row of the CSV file at ``path``, as a list.

    read: row as a dict of strings -> dict of field values. Raises RegisterError with file and line for a
    missing file or column, or a value that ``read`` cannot take (ValueError, KeyError).
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return [
                _read_row(row, line, path, read) for line, row in enumerate(csv.DictReader(file), start=2)
            ]
    except OSError as error:
        raise RegisterError(f"{path.name} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RegisterError(f"{path.name} is not in UTF-8") from error


def _read_row(row, line, path, read):
    if None in row or None in row.values():
        raise RegisterError(f"{path.name}, line {line}: not as many cells as the header has")
    try:
        return read(row)
    except KeyError as error:
        raise RegisterError(f"{path.name}, line {line}: nothing is called {error}") from error
    except ValueError as error:
        raise RegisterError(f"{path.name}, line {line}: {error}") from error


def yes_no(text):
    """``yes`` or ``no`` as a boolean; raises ValueError for anything else."""
    if text not in YES_NO:
        raise ValueError(f"{text!r} is neither yes nor no")
    return YES_NO[text]


def yes_no_unknown(text):
    """The same, but an empty cell, which is not known, is None."""
    return yes_no(text) if text else None

"""Brings a table in line with rows, and says what that changed."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Register:
    """One table that is kept in line with one source.

    key: the fields that tell rows apart. once: fields written when a row is added and never again.
    not_emptied: fields where an empty value of the source leaves what people have filled in since.
    """

    name: str
    model: type
    key: tuple[str, ...]
    once: tuple[str, ...] = ()
    not_emptied: tuple[str, ...] = ()


@dataclass
class Outcome:
    """What loading one register did; ``changes`` has a line in words for each row that changed."""

    register: str
    added: int = 0
    unchanged: int = 0
    changes: list[str] = field(default_factory=list)

    @property
    def changed(self):
        return len(self.changes)


def bring_in_line(register, rows):
    """Add and change rows of ``register.model`` until it says what ``rows`` say; deletes nothing.

    rows: dicts of field (``region_id`` for foreign keys) to value, all with the same fields.
    Returns the Outcome. Rows of the table that are not among ``rows`` stay as they are.
    """
    outcome = Outcome(register.name)
    there = _rows_there(register)
    touched = []
    for row in rows:
        before = there.get(_key(register, row))
        after = row if before is None else _merged(register, before, row)
        differing = [] if before is None else [name for name in row if before[name] != after[name]]
        if before is None:
            outcome.added += 1
        elif differing:
            outcome.changes.append(_in_words(register, before, after, differing))
        else:
            outcome.unchanged += 1
            continue
        touched.append(register.model(**after))
    _write(register, touched, fields=rows[0].keys() if rows else ())
    return outcome


def _rows_there(register):
    fields = [column.attname for column in register.model._meta.concrete_fields if not column.primary_key]
    return {_key(register, row): row for row in register.model.objects.order_by().values(*fields)}


def _key(register, row):
    return tuple(row[name] for name in register.key)


def _merged(register, before, row):
    """``row`` with what must stay taken from ``before``."""
    kept = {name: before[name] for name in register.once}
    kept |= {name: before[name] for name in register.not_emptied if row[name] is None}
    return before | row | kept


def _in_words(register, before, after, differing):
    what = ", ".join(f"{name} {before[name]!r} is now {after[name]!r}" for name in differing)
    return f"{' '.join(map(str, _key(register, after)))}: {what}"


def _write(register, touched, fields):
    updated = [name for name in fields if name not in {*register.key, *register.once}]
    conflicts = {"update_conflicts": True, "unique_fields": register.key, "update_fields": updated}
    if touched:
        register.model.objects.bulk_create(touched, batch_size=1000, **(conflicts if updated else {}))

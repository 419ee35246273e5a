"""Kinds of answer: one small class each, between what people type, Python, what is stored and what is shown.

======================  =====================================  ================================
type                    Python                                 stored as
======================  =====================================  ================================
one, yn, yni            option key                             ``{"v": "gp"}``
many                    tuple of option keys                   ``{"v": ["gp", "school"]}``
whole_number, year      int                                    ``{"v": 148}``
dec2, money, pct        Decimal (money: pounds)                ``{"v": "1.60"}``
date                    datetime.date                          ``{"v": "2009-11-30"}``
time                    "09:00"                                ``{"v": "09:00"}``
area, org               key, or tuple of keys if ``multiple``  ``{"v": "E06000001"}``, a list
text and its kin        str                                    ``{"v": "Team leader"}``
======================  =====================================  ================================

Any of them may be a `Special` instead, where the field accepts it.
"""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from mapping.core.names import OFFERED, Named, called, nearest
from questionnaires.cells import SPECIAL_LABELS, Special

NUMERIC_SPECIALS = (Special.NOT_KNOWN, Special.NOT_COLLECTED, Special.DOES_NOT_APPLY)
MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}


class Invalid(ValueError):
    """What was typed cannot be kept; the message says what is wrong and what to do."""


@dataclass(frozen=True)
class Registers:
    """The keys, each with its label, that register-backed answers may take; None where any is taken.

    called: what organisations and areas go by, so that an answer may name them as people do.
    """

    areas: Mapping[str, str] | None = None
    organisations: Mapping[str, str] | None = None
    services: Mapping[str, str] | None = None
    category_options: Mapping[str, str] | None = None
    called: tuple[Named, ...] = ()


NO_REGISTERS = Registers()


class AnswerType:
    """What all kinds of answer share; a subclass says how it reads text.

    ``widget``, ``inputmode``, ``width`` (characters) and ``autocomplete`` tell a page how to draw the field.
    """

    name = ""
    widget = "input"
    inputmode = ""
    width = 0
    is_numeric = False
    specials: tuple[Special, ...] = ()

    def parse(self, raw, field, registers=NO_REGISTERS):
        """The value of what was typed, pasted or read from a sheet.

        Returns None for a blank and a `Special` for one that the field accepts. Raises Invalid.
        """
        text = as_text(raw)
        if not text:
            return None
        special = self._special(text, field, registers)
        return special or self.read(text, field, registers)

    def read(self, text, field, registers):
        """The value of a text that is neither blank nor special; raises Invalid."""
        raise NotImplementedError

    def stored(self, value):
        """The JSON of a value or special answer; None for a blank."""
        if value is None:
            return None
        return {"s": str(value)} if isinstance(value, Special) else {"v": self.to_json(value)}

    def value(self, stored):
        """The Python value, `Special` or None that a stored JSON stands for."""
        if not stored:
            return None
        return Special(stored["s"]) if "s" in stored else self.from_json(stored["v"])

    def shown(self, stored, field, registers=NO_REGISTERS):
        """The stored answer as readers see it, without its unit; "" for a blank."""
        value = self.value(stored)
        if value is None:
            return ""
        return value.label if isinstance(value, Special) else self.words(value, field, registers)

    def to_json(self, value):
        return value

    def from_json(self, value) -> Any:
        return value

    def words(self, value, field, registers):
        return str(value)

    def _special(self, text, field, registers):
        for special in field.specials:
            if text.casefold() in (special.casefold(), SPECIAL_LABELS[special].casefold()):
                return special
        return None


def as_text(raw):
    """What a form, a spreadsheet or JSON handed over, as text without outer spaces or control characters."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, float):
        raw = Decimal(repr(raw)).quantize(Decimal("0.000001")).normalize()
    if isinstance(raw, datetime):
        raw = raw.date()
    text = format(raw, "f") if isinstance(raw, Decimal) else str(raw)
    return "".join(c for c in text if c in "\n\t" or ord(c) >= 32).replace("\xa0", " ").strip()


# Numbers


class Number(AnswerType):
    """A number with a fixed count of decimals, rounded half up."""

    inputmode = "decimal"
    width = 8
    is_numeric = True
    specials: tuple[Special, ...] = NUMERIC_SPECIALS
    decimals = 0
    minimum: int | None = 0
    maximum: int | None = None
    step = Decimal(1)

    def read(self, text, field, registers):
        number = self._rounded(plain_number(text))
        check_bounds(number, self, field)
        return number

    def _rounded(self, number):
        return number.quantize(self.step, ROUND_HALF_UP)

    def to_json(self, value):
        return str(value)

    def from_json(self, value):
        return Decimal(value)

    def words(self, value, field, registers):
        return f"{value:,}"


class WholeNumber(Number):
    name = "whole_number"
    inputmode = "numeric"

    def _rounded(self, number):
        if number != number.to_integral_value():
            raise Invalid(f"{number:,f} is not a whole number. Give it without decimals.")
        return int(number)

    def to_json(self, value):
        return value

    def from_json(self, value):
        return int(value)


class TwoDecimals(Number):
    name = "dec2"
    step = Decimal("0.01")


class Money(Number):
    name = "money"
    width = 12
    inputmode = "numeric"


class Percentage(Number):
    name = "pct"
    width = 5
    step = Decimal("0.1")
    maximum = 100


class Computed(TwoDecimals):
    """A figure that the engine works out; nobody types it and nothing is stored."""

    name = "computed"
    widget = "output"
    specials = ()

    def read(self, text, field, registers):
        raise Invalid("This figure is worked out from the others and cannot be typed in.")


class Year(WholeNumber):
    name = "year"
    width = 4
    minimum = 1990
    maximum = 2050

    def words(self, value, field, registers):
        return str(value)


def plain_number(text):
    """The Decimal of a number as people write it (1,234; £1 234; 12.5%); raises Invalid."""
    bare = re.sub(r"[£%,\s]", "", text)
    if not re.fullmatch(r"[-+]?(\d{1,15}(\.\d{0,15})?|\.\d{1,15})", bare, re.ASCII):
        raise Invalid(f"“{shortened(text)}” is not a number.")
    return Decimal(bare)


def check_bounds(number, answer_type, field):
    """Refuse a number that lies beyond what the field, or else its type, can hold."""
    low = answer_type.minimum if field.minimum is None else field.minimum
    high = answer_type.maximum if field.maximum is None else field.maximum
    show = str if isinstance(answer_type, Year) else "{:,}".format
    unit = f" {field.unit}" if field.unit and field.unit not in ("%", "£") else ""
    if low is not None and number < low:
        raise Invalid(f"{show(number)} is too little. The least that can be given is {show(low)}{unit}.")
    if high is not None and number > high:
        raise Invalid(f"{show(number)} is too much. The most that can be given is {show(high)}{unit}.")


# Choices


class One(AnswerType):
    name = "one"
    widget = "radios"
    specials = (Special.NOT_KNOWN,)

    def read(self, text, field, registers):
        return option_key(text, choices(field, registers))

    def words(self, value, field, registers):
        return labels_of(field, registers).get(value, value)

    def _special(self, text, field, registers):
        if text in choices(field, registers):  # an option of its own may be called NK
            return None
        return super()._special(text, field, registers)


class YesNo(One):
    name = "yn"


class YesInDevelopmentNo(One):
    name = "yni"


class Many(AnswerType):
    name = "many"
    widget = "checkboxes"

    def parse(self, raw, field, registers=NO_REGISTERS):
        """The chosen keys in the order of the options; takes a list, or text with semicolons or line ends."""
        parts = split_list(raw)
        if not parts:
            return None
        if len(parts) == 1 and (special := self._special(parts[0], field, registers)):
            return special
        allowed = choices(field, registers)
        chosen = {option_key(part, allowed) for part in parts}
        return tuple(sorted(chosen, key=list(allowed).index))

    def to_json(self, value):
        return list(value)

    def from_json(self, value):
        return tuple(value)

    def words(self, value, field, registers):
        labels = labels_of(field, registers)
        order = list(labels)
        chosen = sorted(value, key=lambda key: order.index(key) if key in labels else len(order))
        return "; ".join(labels.get(key, key) for key in chosen)


def labels_of(field, registers=NO_REGISTERS):
    """The options that an answer may name, key to label, those that are no longer offered last."""
    former = {option.key: f"{option.label} (no longer asked)" for option in field.former}
    offered = choices(field, registers)
    return offered | {key: label for key, label in former.items() if key not in offered}


def choices(field, registers=NO_REGISTERS):
    """The options of a field, key to label; those of the service's category where the field takes these."""
    own = {option.key: option.label for option in field.options}
    if field.options_from == "category":
        return dict(registers.category_options or {}) | own
    return own


def option_key(text, allowed):
    """The key that a key or an exact label (in any case) stands for; raises Invalid."""
    if text in allowed:
        return text
    folded = text.casefold()
    for key, label in allowed.items():
        if folded in (key.casefold(), label.casefold()):
            return key
    raise Invalid(f"“{shortened(text)}” is not one of the answers.{offer(allowed)}")


def offer(allowed):
    """A sentence that lists the answers, where they are few enough to read."""
    labels = list(allowed.values())
    return f" Choose from: {'; '.join(labels)}." if 0 < len(labels) <= 8 else " Choose one from the list."


def split_list(raw):
    """The parts of a list, or of a text in which semicolons or line ends part them."""
    parts = raw if isinstance(raw, list | tuple | set | frozenset) else re.split(r"[;\n]", as_text(raw))
    return [text for part in parts if (text := as_text(part))]


# Registers


class Registered(AnswerType):
    """Keys of a register: one, or several where the field says ``multiple``."""

    widget = "lookup"
    register = ""
    noun = ""
    advice = "Pick one from the list."

    def parse(self, raw, field, registers=NO_REGISTERS):
        parts = split_list(raw) if field.multiple else [text for text in [as_text(raw)] if text]
        if not parts:
            return None
        if len(parts) == 1 and (special := self._special(parts[0], field, registers)):
            return special
        keys = tuple(dict.fromkeys(self._key(part, field, registers) for part in parts))
        return keys if field.multiple else keys[0]

    def _key(self, text, field, registers):
        known = getattr(registers, self.register)
        allowed = {option.key: option.label for option in field.options} | dict(known or {})
        if known is None and text not in allowed:
            return text
        try:
            return option_key(text, allowed)
        except Invalid:
            return self._meant(text, [one for one in registers.called if one.key in allowed])

    def _meant(self, text, known):
        """The key of the one that a text means though it is no exact name; raises Invalid with those that are near."""
        meant = called(text, known)
        if len(meant) == 1:
            return meant[0].key
        if meant:
            raise Invalid(
                f"“{shortened(text)}” may be {_alternatives(meant)}. Give the full name or the code."
            )
        if near := nearest(text, known):
            raise Invalid(f"“{shortened(text)}” is not {self.noun}. Is it {_alternatives(near)}?")
        raise Invalid(f"“{shortened(text)}” is not {self.noun}. {self.advice}")

    def to_json(self, value):
        return list(value) if isinstance(value, tuple) else value

    def from_json(self, value):
        return tuple(value) if isinstance(value, list) else value

    def words(self, value, field, registers):
        labels = {option.key: option.label for option in field.options}
        labels |= getattr(registers, self.register) or {}
        keys = value if isinstance(value, tuple) else (value,)
        return "; ".join(str(labels.get(key, key)) for key in keys)


def _alternatives(known):
    """Names to choose between: "Trafford PCT or Bolton PCT"."""
    *others, last = [one.name for one in known[:OFFERED]]
    return f"{', '.join(others)} or {last}" if others else last


class Area(Registered):
    name = "area"
    register = "areas"
    noun = "an area of the register"


class OrganisationKey(Registered):
    name = "org"
    register = "organisations"
    noun = "an organisation of the register"
    advice = "Pick one from the list, or ask the helpdesk to add it."


class ServiceKey(Registered):
    name = "service"
    register = "services"
    noun = "a service of this organisation"


# Words


class Text(AnswerType):
    name = "text"
    length = 200
    width = 40

    def read(self, text, field, registers):
        longest = field.maximum or self.length
        text = self._tidied(text)
        if len(text) > longest:
            raise Invalid(f"{len(text):,} characters are too many. The most is {longest:,}.")
        return text

    def _tidied(self, text):
        return " ".join(text.split())


class LongText(Text):
    name = "long"
    widget = "textarea"
    length = 2000
    width = 60

    def _tidied(self, text):
        return text.replace("\r\n", "\n").replace("\r", "\n")


class Email(Text):
    name = "email"
    inputmode = "email"
    width = 30

    def read(self, text, field, registers):
        address = super().read(text, field, registers)
        if not re.fullmatch(r"[^@\s<>,;\"]+@[^@\s<>,;\".]+(\.[^@\s<>,;\".]+)+", address):
            raise Invalid(f"“{shortened(text)}” is not an e-mail address. Write it as name@example.org.")
        return address


class Url(Text):
    name = "url"
    inputmode = "url"

    def read(self, text, field, registers):
        address = text if re.match(r"https?://", text, re.IGNORECASE) else f"https://{text}"
        if not re.fullmatch(r"https?://[^\s/.:@]+(\.[^\s/.:@]+)+(:\d+)?([/?#]\S*)?", address, re.IGNORECASE):
            raise Invalid(f"“{shortened(text)}” is not a web address. Write it as https://www.example.org.")
        return super().read(address, field, registers)


class Phone(Text):
    name = "phone"
    inputmode = "tel"
    width = 20

    def read(self, text, field, registers):
        number = super().read(text, field, registers)
        digits = re.sub(r"(ext\.?|x)\s*\d{1,6}$", "", number, flags=re.IGNORECASE)
        if (
            not re.fullmatch(r"\+?[\d\s().-]+", digits, re.ASCII)
            or not 9 <= len(re.sub(r"\D", "", digits)) <= 15
        ):
            raise Invalid(f"“{shortened(text)}” is not a telephone number. Write it as 0161 496 0000.")
        return number


class Postcode(Text):
    name = "postcode"
    width = 8

    def read(self, text, field, registers):
        bare = re.sub(r"\s", "", text).upper()
        if not re.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}", bare, re.ASCII):
            raise Invalid(f"“{shortened(text)}” is not a postcode. Write it as M32 0TH.")
        return f"{bare[:-3]} {bare[-3:]}"


class Date(AnswerType):
    name = "date"
    widget = "date"
    width = 12

    def read(self, text, field, registers):
        year, month, day = date_parts(text)
        if not 1 <= month <= 12:
            raise Invalid(f"“{shortened(text)}” is not a date. Months go from 1 to 12.")
        if not 1900 <= year <= 2100:
            raise Invalid(f"“{shortened(text)}” is not a date. Write the year with four figures.")
        days, name = calendar.monthrange(year, month)[1], calendar.month_name[month]
        if not 1 <= day <= days:
            raise Invalid(f"{day} {name} is not a date. {name} has {days} days.")
        return date(year, month, day)

    def to_json(self, value):
        return value.isoformat()

    def from_json(self, value):
        return date.fromisoformat(value)

    def words(self, value, field, registers):
        return f"{value.day} {value:%B %Y}"


def date_parts(text):
    """Year, month and day of 2009-11-30, 30/11/2009 or 30 November 2009; raises Invalid."""
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text, re.ASCII):
        year, month, day = match.groups()
    elif match := re.fullmatch(r"(\d{1,2})[\s/.-]+(\d{1,2}|[A-Za-z]{3,9})[\s/.,-]+(\d{4})", text, re.ASCII):
        day, month, year = match.groups()
    else:
        raise Invalid(f"“{shortened(text)}” is not a date. Write it as 30 November 2009 or 30/11/2009.")
    return int(year), int(month) if month.isdigit() else MONTHS.get(month.lower(), 0), int(day)


class Time(AnswerType):
    name = "time"
    width = 5

    def read(self, text, field, registers):
        match = re.fullmatch(r"(\d{1,2})[:.h]?(\d{2})?\s*(am|pm)?", text, re.ASCII | re.IGNORECASE)
        if not match:
            raise Invalid(f"“{shortened(text)}” is not a time. Write it as 09:30.")
        hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
        if half:
            hour = hour % 12 + (12 if half == "pm" else 0)
        if hour > 24 or minute > 59 or (hour == 24 and minute):
            raise Invalid(f"“{shortened(text)}” is not a time. Hours go up to 24, minutes to 59.")
        return f"{hour:02}:{minute:02}"


class Group(AnswerType):
    """A table or repeatable rows: its cells hold the answers, the question itself holds none."""

    widget = "table"

    def read(self, text, field, registers):
        raise Invalid("This question is a table. Name the row and the column.")


class Table(Group):
    name = "table"


class Rows(Group):
    name = "rows"
    widget = "rows"


def shortened(text, length=40):
    """A text that fits into a message."""
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[: length - 1]}…"


TYPES: dict[str, AnswerType] = {
    kind.name: kind()
    for kind in (
        One, Many, YesNo, YesInDevelopmentNo, WholeNumber, TwoDecimals, Money, Percentage, Computed, Year,
        Text, LongText, Date, Time, Email, Url, Phone, Postcode, Area, OrganisationKey, ServiceKey, Table,
        Rows,
    )
}  # fmt: skip

"""How states, figures and dates are shown: signs as inline SVG, words for times, figures with a true minus.

The library is built in (settings.TEMPLATES), so templates need no ``{% load %}``.
"""

import datetime
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from mapping.core.forms import in_summary

register = template.Library()

MINUS = "\N{MINUS SIGN}"

# Drawn on a grid of 16 px. ``i-cut`` is drawn in the colour of the page on top of a filled shape.
_RING = '<circle cx="8" cy="8" r="6" class="i-line"/>'
_DISC = '<circle cx="8" cy="8" r="6.8"/>'
_TRIANGLE = "M8 1.6a1 1 0 0 1 .87.5l6 10.7A1 1 0 0 1 14 14.3H2a1 1 0 0 1-.87-1.5l6-10.7A1 1 0 0 1 8 1.6z"
_MARK = '<path class="i-cut" d="M8 5.2v4.4"/><circle class="i-cut-fill" cx="8" cy="12" r="1"/>'
_ARROW_BACK = '<path class="i-line" d="M6.2 2.6 3 5.8 6.2 9M3.4 5.8h6a3.6 3.6 0 0 1 0 7.2H7"/>'

ICONS = {
    "arrow-down": '<path class="i-line" d="M8 2.5v10.4M4 9.2l4 4 4-4"/>',
    "back": _ARROW_BACK,
    "chevron-down": '<path class="i-line" d="m3.5 5.8 4.5 4.5 4.5-4.5"/>',
    "chevron-left": '<path class="i-line" d="M10 3.5 5.5 8l4.5 4.5"/>',
    "chevron-right": '<path class="i-line" d="M6 3.5 10.5 8 6 12.5"/>',
    "clipboard": '<rect class="i-line" x="3" y="3" width="10" height="11.5" rx="1"/>'
    '<rect x="5.5" y="1.2" width="5" height="3.4" rx=".6"/><path class="i-line" d="M5.5 8h5M5.5 11h5"/>',
    "clock": '<circle cx="8" cy="8" r="6.2" class="i-line"/><path class="i-line" d="M8 4.4V8l2.3 1.8"/>',
    "disc-tick": _DISC + '<path class="i-cut" d="m4.9 8.3 2.2 2.2 4-4.6"/>',
    "download": '<path class="i-line" d="M8 1.8v8M4.6 6.6 8 10l3.4-3.4M2.5 13.8h11"/>',
    "equal": '<path class="i-line" d="M3 5.7h10M3 10.3h10"/>',
    "eye": '<path class="i-line" d="M1.4 8S3.8 3.6 8 3.6 14.6 8 14.6 8 12.2 12.4 8 12.4 1.4 8 1.4 8z"/>'
    '<circle cx="8" cy="8" r="2.1"/>',
    "half": _RING + '<path d="M8 2a6 6 0 0 1 0 12z"/>',
    "head": '<circle cx="8" cy="4.8" r="3"/><path d="M2.4 14.2c0-3.3 2.5-5.2 5.6-5.2s5.6 1.9 5.6 5.2z"/>',
    "heads": '<circle cx="5.6" cy="5.2" r="2.5"/><path d="M.9 13.4c0-2.9 2-4.6 4.7-4.6s4.7 1.7 4.7 4.6z"/>'
    '<circle cx="11.4" cy="5.6" r="2"/>'
    '<path d="M11.7 13.4h3.5c0-2.8-1.6-4.3-4-4.3-.5 0-.8 0-1.2.2 1 1 1.7 2.3 1.7 4.1z"/>',
    "hexagon-tick": '<path d="M8 .8l6.2 3.6v7.2L8 15.2l-6.2-3.6V4.4z"/>'
    '<path class="i-cut" d="m5 8.2 2.1 2.1 3.9-4.4"/>',
    "octagon": '<path d="M5.2 1.2h5.6l4 4v5.6l-4 4H5.2l-4-4V5.2z"/>'
    '<path class="i-cut" d="M8 4.2v4.6"/><circle class="i-cut-fill" cx="8" cy="11.5" r="1.05"/>',
    "padlock": '<rect x="2.8" y="7" width="10.4" height="7.6" rx="1"/>'
    '<path class="i-line" d="M5.2 7V4.9a2.8 2.8 0 0 1 5.6 0V7"/>',
    "pencil": '<path class="i-line" d="m2.6 13.4.8-3.4 7-7a1.3 1.3 0 0 1 1.8 0l.8.8a1.3 1.3 0 0 1 0 1.8l-7 7z"/>',
    "ring": _RING,
    "ring-bar": _RING + '<path class="i-line" d="M5 8h6"/>',
    "search": '<circle class="i-line" cx="6.8" cy="6.8" r="4.6"/><path class="i-line" d="m10.3 10.3 4 4"/>',
    "tick": '<path class="i-line i-strong" d="m2.6 8.6 3.5 3.5 7.3-8"/>',
    "triangle": f'<path d="{_TRIANGLE}"/>{_MARK}',
    "triangle-tick": f'<path class="i-line" d="{_TRIANGLE}"/>'
    '<path class="i-line" d="m5.6 10 1.7 1.7 3-3.6"/>',
    "undo": _ARROW_BACK,
}

# What a state looks like: its sign and its colour. The word comes with it, here or from the caller.
STATES = {
    "not_started": ("ring", "grey", "Not started"),
    "in_progress": ("half", "blue", "In progress"),
    "complete": ("disc-tick", "green", "Complete"),
    "saved": ("tick", "green", "Saved"),
    "error": ("octagon", "red", "Error"),
    "not_taken": ("octagon", "red", "Not taken"),
    "late": ("clock", "red", "Late"),
    "waiting": ("clock", "orange", "Waiting"),
    "unusual": ("triangle", "orange", "To explain"),
    "explained": ("triangle-tick", "orange", "Explained"),
    "sent_back": ("back", "orange", "Sent back"),
    "no_one": ("head", "orange", "No one asked"),
    "duplicate": ("equal", "violet", "Already on your list?"),
    "somebody": ("heads", "violet", "Somebody else is here"),
    "locked": ("padlock", "violet", "Locked"),
    "seen_as": ("eye", "violet", "You see this as somebody else"),
    "pasted": ("clipboard", "blue", "Pasted"),
    "not_asked": ("ring-bar", "grey", "Not a children\u2019s service"),
}

DECISIONS = {
    "open": ("ring", "grey", "Open"),
    "submitted": ("padlock", "violet", "Submitted"),
    "sent_back": ("back", "orange", "Sent back"),
    "signed_off": ("hexagon-tick", "solid-green", "Signed off"),
    "declined": ("ring-bar", "grey", "Declined"),
}

NOTICES = {
    "green": "disc-tick",
    "blue": "clock",
    "orange": "triangle",
    "violet": "heads",
    "red": "octagon",
}

# The levels of Django's messages, as the colours of our notices.
MESSAGE_COLOURS = {"debug": "blue", "info": "blue", "success": "green", "warning": "orange", "error": "red"}

# Marks that stand in the place of a figure; the tables that have them explain them below.
MARKS = frozenset({"<5", "*", "N/A", "no return", "\N{EN DASH}", "NK", "NC", "NA"})


@register.simple_tag
def icon(name):
    """The sign ``name`` of ICONS as inline SVG, hidden from screen readers: a word stands beside it."""
    return mark_safe(  # noqa: S308 - both parts are constants of this module
        '<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">'
        f"{ICONS[name]}</svg>"
    )


@register.simple_tag
def state(kind, words=""):
    """A state without ground: sign and word in the state's colour. ``words`` replace those of STATES."""
    sign, colour, default = STATES[str(kind)]
    return format_html(
        '<span class="state state-{}">{}<span>{}</span></span>', colour, icon(sign), words or default
    )


@register.simple_tag
def state_sign(kind):
    """The sign alone, its word for screen readers only; for lists where the shape is enough to the eye."""
    sign, colour, words = STATES[str(kind)]
    return format_html(
        '<span class="state state-{}">{}<span class="govuk-visually-hidden">{}</span></span>',
        colour,
        icon(sign),
        words,
    )


@register.simple_tag
def progress(value):
    """Progress that was computed from answers: ``not_started``, ``in_progress`` or ``complete``."""
    return state(value)


@register.simple_tag
def decision(value):
    """A person's decision as a tag with ground, by its key in DECISIONS."""
    sign, colour, words = DECISIONS[str(value)]
    return format_html('<span class="tag tag-{}">{}{}</span>', colour, icon(sign), words)


@register.filter
def notice_icon(colour):
    """The sign that a notice of this colour carries unless it names another."""
    return NOTICES[colour or "blue"]


@register.filter
def message_colour(message):
    """The notice colour for one of Django's messages."""
    return MESSAGE_COLOURS.get(message.level_tag, "blue")


def _rounded(value, decimals):
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-int(decimals)), rounding=ROUND_HALF_UP)


def _is_number(value):
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


@register.filter
def figure(value, decimals=None):
    """A number with commas and a true minus, rounded half up to ``decimals``; words pass unchanged."""
    if value is None:
        return ""
    if not _is_number(value):
        return value
    number = Decimal(str(value)) if decimals is None else _rounded(value, decimals)
    return f"{number:,f}".replace("-", MINUS)


@register.filter
def signed(value, decimals=0):
    """A change: ``+2``, a true minus, and 0 without a sign. Marks such as ``*`` pass unchanged."""
    if not _is_number(value):
        return figure(value)
    number = _rounded(value, decimals)
    return ("+" if number > 0 else "") + figure(abs(number) if number == 0 else number)


@register.filter
def pounds(value):
    """Whole pounds, rounded half up: ``£1,180,950``, with the minus before the sign of the currency."""
    if not _is_number(value):
        return figure(value)
    number = _rounded(value, 0)
    return (MINUS if number < 0 else "") + f"£{abs(number):,f}"


@register.filter
def percent(value, decimals=0):
    """A percentage that is given as such (``7`` for 7%); marks pass unchanged."""
    return f"{figure(value, decimals)}%" if _is_number(value) else figure(value)


def _local(value):
    return (
        timezone.localtime(value)
        if isinstance(value, datetime.datetime) and timezone.is_aware(value)
        else value
    )


@register.filter
def date_words(value, year=""):
    """``28 February``; with any argument, as in ``|date_words:"year"``, ``28 February 2010``."""
    if not value:
        return ""
    day = _local(value)
    return f"{day.day} {day:%B %Y}" if year else f"{day.day} {day:%B}"


@register.filter
def day_words(value):
    """``Thursday 14 January 2010``."""
    if not value:
        return ""
    day = _local(value)
    return f"{day:%A} {day.day} {day:%B %Y}"


@register.filter
def time_words(value):
    """``10:42``, in the time of London."""
    return f"{_local(value):%H:%M}" if value else ""


@register.filter
def is_mark(cell):
    """Whether a cell of a table holds a mark instead of a figure."""
    return str(cell) in MARKS


@register.simple_tag(takes_context=True)
def all_problems(context):
    """What the error summary lists, as dicts of text and target: errors of ``form``, then ``problems``."""
    form, listed = context.get("form"), []
    for name, errors in form.errors.items() if form else []:
        is_field = name in form.fields
        target = form[name].id_for_label or form[name].auto_id if is_field else ""
        label = form[name].label if is_field else ""
        listed += [{"text": in_summary(label, error), "target": target} for error in errors]
    return listed + list(context.get("problems") or [])


@register.simple_tag(takes_context=True)
def our_site(context):
    """``site`` as the context processor gives it: allauth's views put another thing of that name above it."""
    return next((layer["site"] for layer in context.dicts if "site" in layer), {})


@register.filter
def current_name(organisations):
    """The name of the organisation that the page belongs to, or an empty string."""
    return next((organisation["name"] for organisation in organisations if organisation["current"]), "")

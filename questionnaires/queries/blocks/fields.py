"""One cell as a field: its widget, its answer and last year's."""

from decimal import ROUND_HALF_UP, Decimal

from mapping.core.templatetags.look import MINUS
from questionnaires.answer_types import choices
from questionnaires.cells import SPECIAL_LABELS, says_same, split_cell_id
from questionnaires.evaluation import still_offered
from questionnaires.models import Origin
from questionnaires.queries.blocks.shown import Choice, ClashWords, FieldView, html_id

RADIOS_AT_MOST = 8  # more than these are a list to choose from
LINE_LETTERS = 30  # as many letters of a text stand on a line of the narrowest field
INLINE_LETTERS = 64  # choices with no more letters than these stand side by side


def mark_of(sheet, cell):
    """How an answer that began as last year's stands now: carried, confirmed or changed; "" for any other."""
    kept = sheet.answers.get(cell.id)
    origin = kept.get("o") if kept else ""
    if origin in (Origin.CARRIED, Origin.CONFIRMED):
        return origin
    began_as = sheet.earlier.own.get(cell.id)
    prefilled = sheet.questionnaire.question(split_cell_id(cell.id)[0]).last_year == "prefilled"
    if not (prefilled and began_as and still_offered(began_as, cell.field)):
        return ""
    return "" if says_same(kept, began_as) else "changed"


def change_of(sheet, cell):
    """The change of a figure from last year's, ``+12 (+9%)``; "" without two figures that can be compared."""
    kind = cell.field.kind
    now, before = sheet.answers.get(cell.id), sheet.earlier.compared.get(cell.id)
    if not (kind.is_numeric and kind.name != "year" and now and before and "v" in now and "v" in before):
        return ""
    return change_words(kind.value(now), kind.value(before), is_share=kind.name == "pct")


def change_words(now, before, *, is_share=False):
    """Two figures' difference with a sign, and in % of the earlier one rounded half up; of shares in points."""
    difference = now - before
    if not difference:
        return "no change"
    words = f"{difference:+,}".replace("-", MINUS)
    if is_share:
        return f"{words} points"
    if not before:
        return words
    percent = (Decimal(100) * difference / before).quantize(Decimal(1), ROUND_HALF_UP)
    return f"{words} ({percent:+,}%)".replace("-", MINUS) if percent else words


def field_view(sheet, cell, *, in_table=False, row_label="", wrong=frozenset()):
    """The FieldView of a cell. wrong: the cells to be marked as wrong."""
    answer_field, kept = cell.field, sheet.answers.get(cell.id)
    kind, text = answer_field.kind, _text(answer_field, kept)
    label = answer_field.name if in_table else answer_field.label
    view = FieldView(
        id=html_id(cell.id),
        name=cell.id,
        label=f"{row_label}, {answer_field.short_head}" if row_label else label,
        widget=_widget(answer_field, sheet, in_table),
        hint=answer_field.help,
        unit=answer_field.unit,
        sign="£" if answer_field.type == "money" else "",
        inputmode=kind.inputmode,
        size=_size(kind),
        is_numeric=kind.is_numeric,
        value=text,
        answer=kind.shown(kept, answer_field, sheet.registers),
        special=SPECIAL_LABELS.get(kept["s"], kept["s"]) if kept and "s" in kept else "",
        last_year=kind.shown(sheet.last_year.get(cell.id), answer_field, sheet.registers),
        last_label=sheet.earlier.label,
        last_named=sheet.earlier.named,
        mark=mark_of(sheet, cell),
        change=change_of(sheet, cell),
        is_wrong=cell.id in wrong,
        is_needed=cell.id not in sheet.evaluation.unneeded,
        column=cell.column,
        short_label=answer_field.name,
        head=answer_field.short_head,
    )
    if view.mark in (Origin.CARRIED, Origin.CONFIRMED):
        view.change = ""  # the mark says already that it is last year's
    view.shows_last_year = bool(view.last_year) and view.last_year != view.answer
    _fill_choices(sheet, view, answer_field, kept)
    view.lines = max(1, -(-len(view.value) // LINE_LETTERS))
    if in_table and kind.widget == "lookup" and view.lines > 1:
        view.cut = view.value
    if in_table and view.special and view.widget in ("input", "growing"):
        view.value = kept["s"]
    if cell.id in sheet.invalid:
        raw, message = sheet.invalid[cell.id]
        holds = (
            f" It was not taken; the cell still holds {view.answer}." if view.answer else " It was not taken."
        )
        view.value, view.special, view.error, view.is_wrong = raw, "", message + holds, True
    if cell.id in sheet.clashes:
        view.clash = _clash_words(sheet, cell, sheet.clashes[cell.id])
    view.described = _described(view)
    return view


def _text(answer_field, kept):
    """A kept answer as a field shows it for changing; "" for blank and special answers."""
    if not kept or "s" in kept:
        return ""
    value = answer_field.kind.value(kept)
    return answer_field.kind.shown(kept, answer_field) if hasattr(value, "isoformat") else str(value)


def _widget(answer_field, sheet, in_table):
    widget = answer_field.kind.widget
    if widget == "radios":
        many = len(choices(answer_field, sheet.registers)) > RADIOS_AT_MOST
        return "select" if in_table or many else "radios"
    if widget == "lookup" and answer_field.multiple:
        return "lookups"
    if answer_field.type == "text":
        return "growing"
    return "input" if widget == "date" else widget


def _size(kind):
    """The class for a field as wide as its answer."""
    steps = {
        0: "",
        4: "width-4",
        5: "width-4",
        8: "width-8",
        12: "width-10",
        20: "width-20",
        30: "width-30",
        40: "width-30",
    }
    return steps.get(kind.width, "")


def _fill_choices(sheet, view, answer_field, kept):
    """What can be chosen: options, special answers, names of a register."""
    kind = answer_field.kind
    value = kind.value(kept) if kept and "v" in kept else None
    chosen = {kept["s"]} if view.special else set(value if isinstance(value, tuple) else (value,))
    if view.widget in ("radios", "checkboxes", "select"):
        helps = {option.key: option.help for option in answer_field.options}
        own = choices(answer_field, sheet.registers)
        offered = {**own, **{s.value: s.label for s in answer_field.specials if s.value not in own}}
        view.choices = [
            Choice(key, label, helps.get(key, ""), key in chosen, f"{view.id}-{key}")
            for key, label in offered.items()
        ]
        letters = sum(len(choice.label) + len(choice.help) for choice in view.choices)
        view.is_inline = view.widget == "radios" and letters <= INLINE_LETTERS
    elif kind.widget == "lookup":
        view.register = kind.register
        labels = {option.key: option.label for option in answer_field.options}
        labels |= getattr(sheet.registers, kind.register) or {}
        picked = [labels.get(key, key) for key in (value if isinstance(value, tuple) else (value,)) if key]
        view.values, view.value = picked, picked[0] if picked and not answer_field.multiple else ""
    elif answer_field.specials:
        view.specials = [
            (s.value, s.label, bool(kept) and kept.get("s") == s.value) for s in answer_field.specials
        ]


def _clash_words(sheet, cell, clash):
    kind = cell.field.kind
    words = [
        kind.shown(stored, cell.field, sheet.registers) or "nothing" for stored in (clash.theirs, clash.mine)
    ]
    who = str(clash.by) if clash.by else "somebody else"
    own = "; ".join(clash.mine["v"]) if clash.mine and isinstance(clash.mine.get("v"), list) else None
    own_text = own if own is not None else str((clash.mine or {}).get("v", (clash.mine or {}).get("s", "")))
    return ClashWords(f"choose:{cell.id}", who, *words, own_text, clash.at)


def _described(view):
    """The ids that tell more about a field, for screen readers."""
    parts = [
        (view.error, "error"),
        (view.last_year, "last"),
        (view.hint, "hint"),
        (view.unit, "unit"),
    ]
    return " ".join(f"{view.id}_{name}" for text, name in parts if text)


def last_total(sheet, reference):
    """The sum of last year's figures in a column, in words; "" where there are none."""
    code, _, column = split_cell_id(reference)
    answer_field = sheet.questionnaire.question(code).field_of(column)
    numbers = [
        answer_field.kind.value(stored)
        for cell, stored in sheet.last_year.items()
        if split_cell_id(cell)[::2] == (code, column) and "v" in stored
    ]
    return f"{sum(numbers):,}" if numbers else ""

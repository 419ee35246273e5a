"""Reading what a section page sends: the text of each cell, as it can be kept or as it cannot."""

import re
from dataclasses import dataclass, field
from datetime import date

from django import forms

from mapping.core import clock
from questionnaires.actions import Asked, Given
from questionnaires.answer_types import Invalid
from questionnaires.cells import cell_id, split_cell_id
from questionnaires.definition import repeated_rows
from questionnaires.models import Reason

NEW_ROW = re.compile(r"r[1-9]\d{0,2}")


@dataclass
class Posted:
    """What a page sent. ``cells``: cell id -> stored value or None; ``invalid``: cell id -> (its text, message);
    ``reasons``: (rule, cell id) -> Given; ``mine``: cell id -> own text of a clash that waits for a choice."""

    cells: dict = field(default_factory=dict)
    invalid: dict = field(default_factory=dict)
    reasons: dict = field(default_factory=dict)
    mine: dict = field(default_factory=dict)
    seen_version: int = 0
    seen_versions: dict = field(default_factory=dict)
    whole_page: bool = True
    rows: list = field(default_factory=list)
    confirmed: tuple = ()
    unconfirmed: tuple = ()


def read_section(data, questionnaire, section, response, registers):
    """What a section page sent, as Posted: cells of other sections, kept by models or worked out are left alone."""
    posted = Posted(
        seen_version=_number(data.get("version")),
        seen_versions=_versions(data.getlist("since")),
        whole_page="touched" not in data,
        rows=extra_rows(data, section),
    )
    for cell in _sent_cells(data, questionnaire, section):
        _read_cell(posted, cell, data, response, registers)
    _take_choices(posted, data, questionnaire, section, registers)
    _read_reasons(posted, data, section)
    _follow_button(posted, data, section, response)
    return posted


def _number(text):
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _versions(pairs):
    """``["SVC-F01=7"]`` as {cell id: 7}."""
    return {cell: _number(version) for cell, _, version in (pair.rpartition("=") for pair in pairs)}


def extra_rows(data, section):
    """Rows that a page shows though they hold nothing yet: ["SVC-E01|nu_hv", "SVC-D01|r2"]."""
    by_code = {question.key: question for question in section.questions}
    added = [name for name in dict.fromkeys(data.getlist("row")) if _is_row(name, by_code)]
    return added[:100]


def _is_row(name, by_code):
    code, row, _ = split_cell_id(name)
    question = by_code.get(code)
    return bool(question) and (
        question.row(row) is not None or (question.is_repeatable and bool(NEW_ROW.fullmatch(row)))
    )


def _sent_cells(data, questionnaire, section):
    """The cells of the section that the page sent and people may fill in."""
    names = (name.removeprefix("special:") for name in data)
    cells = (_cell_to_fill_in(name, questionnaire, section) for name in dict.fromkeys(names))
    return (cell for cell in cells if cell is not None)


def _cell_to_fill_in(name, questionnaire, section):
    """The cell of that name if it is one of the section that people fill in, or None."""
    own = {
        question.key for question in section.questions if not question.stored_in and not question.is_computed
    }
    code, row, column = split_cell_id(name)
    cell = questionnaire.cell(code, row, column) if code in own else None
    if cell is None or cell.id != name:
        return None
    return cell if cell.row in _fixed(cell) or NEW_ROW.fullmatch(cell.row) else None


def _fixed(cell):
    return {"", *(row.key for row in cell.question.rows)}


def _read_cell(posted, cell, data, response, registers):
    raw = raw_of(data, cell, response.cells.get(cell.id))
    try:
        posted.cells[cell.id] = _parsed(cell, raw, registers)
    except Invalid as problem:
        posted.invalid[cell.id] = (shown(raw), str(problem))


def _parsed(cell, raw, registers):
    return cell.field.kind.stored(cell.field.kind.parse(raw, cell.field, registers))


def raw_of(data, cell, kept):
    """What was sent for a cell: text, or a list where several may be chosen.

    A special answer is chosen beside the field. Where the field holds another text than what is kept, that is the
    later wish; else the choice counts.
    """
    values = [value for value in data.getlist(cell.id) if value.strip()]
    if cell.field.kind.widget == "checkboxes" or cell.field.multiple:
        return values
    text = values[-1] if values else ""
    special = data.get(f"special:{cell.id}", "")
    if special and text in ("", text_of(cell.field, kept)):
        return special
    return text


def text_of(answer_field, kept):
    """A kept answer as its field shows it for changing; "" for blank and special answers."""
    if not kept or "s" in kept:
        return ""
    value = answer_field.kind.value(kept)
    if isinstance(value, date):
        return answer_field.kind.shown(kept, answer_field)
    return str(value)


def shown(raw):
    return "; ".join(raw) if isinstance(raw, list) else raw


def _take_choices(posted, data, questionnaire, section, registers):
    """Settle clashes that the person has chosen in; the others wait, with their own text kept on the page."""
    for name in data:
        kind, _, cell_name = name.partition(":")
        if kind != "mine":
            continue
        choice = data.get(f"choose:{cell_name}")
        cell = _cell_to_fill_in(cell_name, questionnaire, section)
        if cell is None or choice == "theirs":
            continue
        try:
            own = _parsed(cell, data[name], registers)
        except Invalid:
            continue  # no page of ours sends that: what is kept of a clash has been read before
        if choice == "yours":
            posted.cells[cell_name] = own
        else:
            posted.mine[cell_name] = own


def _read_reasons(posted, data, section):
    """``why:RULE:CELL`` (a Reason) and ``reason:RULE:CELL`` (words) of the section's own warnings."""
    own = {question.key for question in section.questions}
    for name in data:
        kind, _, place = name.partition(":")
        rule, _, cell = place.partition(":")
        if kind in ("why", "reason") and split_cell_id(cell)[0] in own:
            why = data.get(f"why:{place}", "")
            text = data.get(f"reason:{place}", "").strip()[:2000]
            posted.reasons[rule, cell] = Given(text, why if why in Reason.values else "")


def _follow_button(posted, data, section, response):
    """What a button asks for beside saving: confirm, take that back, add or remove a row, put 0 in empty cells."""
    for question in section.questions:
        posted.confirmed += _named_by(question, data.get("confirm", ""), response)
        posted.unconfirmed += _named_by(question, data.get("unconfirm", ""), response)
        if data.get("add") == question.key:
            _add_row(posted, question, data, response)
        if data.get("zero") == question.key and question.is_table:
            _put_zeros(posted, question, response)
        code, row, _ = split_cell_id(data.get("remove", ""))
        if code == question.key and question.is_repeatable and question.row(row) is None:
            _remove_row(posted, question, row)


def _named_by(question, asked, response):
    """The cells of a question that a button is about: of the section "*", the question, or one row "SVC-D01|r1"."""
    code, row, _ = split_cell_id(asked)
    if asked != "*" and code != question.key:
        return ()
    own = (cell for cell in response.cells if split_cell_id(cell)[0] == question.key)
    return tuple(cell for cell in own if not row or split_cell_id(cell)[1] == row)


def _add_row(posted, question, data, response):
    """Show another row: the one chosen from the list, or the next of rows that repeat."""
    chosen = data.get(f"add-row:{question.key}", "")
    if question.is_repeatable:
        used = {
            **response.cells,
            **posted.cells,
            **{cell_id(q, r, "x"): 1 for q, r, _ in map(split_cell_id, posted.rows)},
        }
        numbers = [int(key[1:]) for key in repeated_rows(question, used) if key[1:].isdigit()]
        chosen = f"r{max(numbers, default=0) + 1}"
    if question.row(chosen) or question.is_repeatable:
        posted.rows = [*posted.rows, f"{question.key}|{chosen}"]


def _remove_row(posted, question, row):
    for cell in question.row_cells(row):
        posted.cells[cell.id] = None
        posted.invalid.pop(cell.id, None)
    posted.rows = [name for name in posted.rows if name != f"{question.key}|{row}"]


def _put_zeros(posted, question, response):
    """0 in the figures of a table that are still empty: all rows that the page showed, but a person's own text."""
    for cell in (cell for cell in posted.cells if split_cell_id(cell)[0] == question.key):
        answer_field = question.field_of(split_cell_id(cell)[2])
        if answer_field.takes_zeros and posted.cells[cell] is None:
            posted.cells[cell] = answer_field.kind.stored(answer_field.kind.parse("0", answer_field))


class DueForm(forms.Form):
    """By when somebody is asked to answer; empty for no date."""

    due_on = forms.DateField(
        label="By when?",
        required=False,
        help_text="For example 5 February 2010",
        input_formats=["%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%Y-%m-%d"],
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"class": "width-10"}),
        error_messages={"invalid": "That is not a date. Write it as 5 February 2010."},
    )

    def __init__(self, *args, latest, **kwargs):
        """latest: the last day of data entry."""
        super().__init__(*args, **kwargs)
        self.latest = latest

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if due_on and due_on > self.latest:
            raise forms.ValidationError(
                f"Data entry closes on {self.latest:%-d %B %Y}. Choose an earlier day."
            )
        if due_on and due_on < clock.today():
            raise forms.ValidationError("That day has passed.")
        return due_on


class DelegateForm(DueForm):
    """Who is asked, for which sections, until when."""

    field_order = ("person", "email", "name", "sections", "due_on", "note")

    person = forms.ChoiceField(label="Whom do you ask?", required=False)
    email = forms.EmailField(
        label="Or somebody else, by e-mail",
        required=False,
        help_text="They get an invitation and see only what you give them.",
        widget=forms.EmailInput(attrs={"class": "width-30"}),
    )
    name = forms.CharField(
        label="Their name",
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"class": "width-30"}),
    )
    sections = forms.MultipleChoiceField(
        label="Which sections?",
        required=False,
        help_text="Tick none to give the whole questionnaire.",
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label="A word to go with it",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, people, sections=(), latest, **kwargs):
        """people: users who may be asked; sections: of the questionnaire; latest: the last day of data entry."""
        super().__init__(*args, latest=latest, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["person"].choices = [("", "Choose a colleague")] + [
            (pk, str(p)) for pk, p in self.people.items()
        ]
        if sections:
            self.fields["sections"].choices = [(s.key, f"{s.key} {s.title}") for s in sections]
        else:
            del self.fields["sections"]

    def clean(self):
        answers = super().clean()
        if bool(answers.get("person")) == bool(answers.get("email")) and "email" not in self.errors:
            raise forms.ValidationError("Choose a colleague or give an e-mail address, one of the two.")
        return answers

    @property
    def asked(self):
        """Who was chosen, as actions.Asked."""
        answers = self.cleaned_data
        return Asked(
            to=self.people.get(answers["person"]),
            email=answers["email"],
            name=answers["name"],
            due_on=answers["due_on"],
            note=answers["note"],
        )


class FindingForm(forms.Form):
    """Why an answer is right although a rule across organisations found something at it."""

    explanation = forms.CharField(
        label="Why is your answer right?",
        help_text="A few words. Leave it empty to take an explanation back.",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

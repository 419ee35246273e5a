"""Kinds of answer: what people type, what is kept, what is shown, what is refused and how that is said."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.core.names import Named
from questionnaires.answer_types import TYPES, Invalid, Registers
from questionnaires.cells import Special, cell_id, split_cell_id
from questionnaires.definition import Builder, Question

REGISTERS = Registers(
    areas={"E08000009": "Trafford", "E08000003": "Manchester"},
    organisations={"RXX": "Example Trust"},
    services={"T-1": "Family team"},
    category_options={"10.01": "In-patient unit"},
    called=(
        Named("E08000009", "Trafford Metropolitan Borough Council", "local_authority", others=("Trafford",)),
        Named("E08000003", "Manchester City Council", "local_authority", others=("Manchester",)),
        Named("RXX", "Example Trust", "nhs_trust"),
    ),
)


def field(kind, **more):
    source = {"key": "T1", "label": "One", "type": kind, **more}
    if kind in ("one", "many"):
        source.setdefault("options", {"gp": "General practitioner", "school": "School"})
    if kind in ("table", "rows"):
        source["columns"] = [{"key": "n", "label": "N", "type": "text"}]
    return Builder("2009/10").question(source, "A")


def parsed(kind, raw, **more):
    own = field(kind, **more)
    return own.kind.parse(raw, own, REGISTERS)


@pytest.mark.parametrize(
    ("kind", "raw", "value", "stored", "shown"),
    [
        ("whole_number", "1,234", 1234, 1234, "1,234"),
        ("whole_number", 12.0, 12, 12, "12"),
        ("whole_number", "0", 0, 0, "0"),
        ("year", "2009", 2009, 2009, "2009"),
        ("dec2", "1.6", Decimal("1.60"), "1.60", "1.60"),
        ("dec2", ".5", Decimal("0.50"), "0.50", "0.50"),
        ("dec2", "1.625", Decimal("1.63"), "1.63", "1.63"),
        ("dec2", 0.1, Decimal("0.10"), "0.10", "0.10"),
        ("dec2", Decimal("2E+1"), Decimal("20.00"), "20.00", "20.00"),
        ("money", "£12,345.50", Decimal(12346), "12346", "12,346"),
        ("pct", "62.5%", Decimal("62.5"), "62.5", "62.5"),
        ("text", "  two\n words ", "two words", "two words", "two words"),
        ("long", "two\r\nlines", "two\nlines", "two\nlines", "two\nlines"),
        ("one", "gp", "gp", "gp", "General practitioner"),
        ("one", "general PRACTITIONER", "gp", "gp", "General practitioner"),
        ("yn", "Yes", "yes", "yes", "Yes"),
        ("yn", True, "yes", "yes", "Yes"),
        ("yni", "In development", "in_development", "in_development", "In development"),
        ("many", ["school", "gp"], ("gp", "school"), ["gp", "school"], "General practitioner; School"),
        ("many", "School; gp", ("gp", "school"), ["gp", "school"], "General practitioner; School"),
        ("date", "30 November 2009", date(2009, 11, 30), "2009-11-30", "30 November 2009"),
        ("date", "30/11/2009", date(2009, 11, 30), "2009-11-30", "30 November 2009"),
        ("date", "2009-11-30", date(2009, 11, 30), "2009-11-30", "30 November 2009"),
        ("date", "1 Nov 2009", date(2009, 11, 1), "2009-11-01", "1 November 2009"),
        ("date", datetime(2009, 11, 30, 9), date(2009, 11, 30), "2009-11-30", "30 November 2009"),
        ("time", "9", "09:00", "09:00", "09:00"),
        ("time", "5.30pm", "17:30", "17:30", "17:30"),
        ("time", "12am", "00:00", "00:00", "00:00"),
        ("email", "a.b@example.org", "a.b@example.org", "a.b@example.org", "a.b@example.org"),
        (
            "url",
            "www.example.org/x",
            "https://www.example.org/x",
            "https://www.example.org/x",
            "https://www.example.org/x",
        ),
        (
            "phone",
            "0161 496 0000 ext 12",
            "0161 496 0000 ext 12",
            "0161 496 0000 ext 12",
            "0161 496 0000 ext 12",
        ),
        ("postcode", "m320th", "M32 0TH", "M32 0TH", "M32 0TH"),
        ("area", "Trafford", "E08000009", "E08000009", "Trafford"),
        ("org", "rxx", "RXX", "RXX", "Example Trust"),
        ("org", "Example NHS Foundation Trust", "RXX", "RXX", "Example Trust"),
        ("area", "Trafford Council", "E08000009", "E08000009", "Trafford"),
        ("service", "T-1", "T-1", "T-1", "Family team"),
    ],
)
def test_answer_is_read_stored_and_shown(kind, raw, value, stored, shown):
    own = field(kind)

    assert parsed(kind, raw) == value
    assert own.kind.stored(value) == {"v": stored}
    assert own.kind.value({"v": stored}) == value
    assert own.kind.shown({"v": stored}, own, REGISTERS) == shown


@pytest.mark.parametrize(
    ("kind", "raw", "more", "message"),
    [
        ("whole_number", "7l", {}, "“7l” is not a number."),
        ("whole_number", "7.5", {}, "7.5 is not a whole number. Give it without decimals."),
        ("whole_number", "-1", {}, "-1 is too little. The least that can be given is 0."),
        (
            "whole_number",
            "2001",
            {"maximum": 2000, "unit": "beds"},
            "2,001 is too much. The most that can be given is 2,000 beds.",
        ),
        ("whole_number", "1e5", {}, "“1e5” is not a number."),
        ("dec2", "NaN", {}, "“NaN” is not a number."),
        ("pct", "100.1", {}, "100.1 is too much. The most that can be given is 100."),
        ("year", "1066", {}, "1066 is too little. The least that can be given is 1990."),
        (
            "one",
            "dentist",
            {},
            "“dentist” is not one of the answers. Choose from: General practitioner; School.",
        ),
        (
            "many",
            ["gp", "dentist"],
            {},
            "“dentist” is not one of the answers. Choose from: General practitioner; School.",
        ),
        ("date", "31/11/2009", {}, "31 November is not a date. November has 30 days."),
        ("date", "1/13/2009", {}, "“1/13/2009” is not a date. Months go from 1 to 12."),
        ("date", "soon", {}, "“soon” is not a date. Write it as 30 November 2009 or 30/11/2009."),
        ("date", "1/1/0009", {}, "“1/1/0009” is not a date. Write the year with four figures."),
        ("time", "25:00", {}, "“25:00” is not a time. Hours go up to 24, minutes to 59."),
        ("time", "noon", {}, "“noon” is not a time. Write it as 09:30."),
        ("email", "me at home", {}, "“me at home” is not an e-mail address. Write it as name@example.org."),
        ("url", "nowhere", {}, "“nowhere” is not a web address. Write it as https://www.example.org."),
        ("phone", "call me", {}, "“call me” is not a telephone number. Write it as 0161 496 0000."),
        ("postcode", "M32", {}, "“M32” is not a postcode. Write it as M32 0TH."),
        ("text", "x" * 201, {}, "201 characters are too many. The most is 200."),
        ("area", "Atlantis", {}, "“Atlantis” is not an area of the register. Pick one from the list."),
        (
            "area",
            "Traford",
            {},
            "“Traford” is not an area of the register. Is it Trafford Metropolitan Borough Council?",
        ),
        (
            "org",
            "Atlantis",
            {},
            "“Atlantis” is not an organisation of the register. Pick one from the list, or ask the helpdesk to add it.",
        ),
        ("computed", "5", {}, "This figure is worked out from the others and cannot be typed in."),
        ("table", "5", {}, "This question is a table. Name the row and the column."),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_message(kind, raw, more, message):
    with pytest.raises(Invalid) as refusal:
        parsed(kind, raw, **more)

    assert str(refusal.value) == message


@pytest.mark.parametrize("raw", ["", "   ", None, [], "\xa0"])
@pytest.mark.parametrize("kind", sorted(TYPES))
def test_blank_is_no_answer(kind, raw):
    if raw == [] and kind not in ("many", "area", "org"):
        raw = None
    assert parsed(kind, raw, **({"multiple": "yes"} if raw == [] and kind != "many" else {})) is None


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        ("whole_number", "NK", Special.NOT_KNOWN),
        ("dec2", "not collected", Special.NOT_COLLECTED),
        ("money", "NA", Special.DOES_NOT_APPLY),
        ("one", "nk", Special.NOT_KNOWN),
        ("yn", "Not known", Special.NOT_KNOWN),
        ("text", "NK", "NK"),
    ],
)
def test_special_answer_is_told_from_a_value(kind, raw, expected):
    assert parsed(kind, raw) == expected


def test_special_answer_is_stored_apart_and_shown_in_words():
    own = field("whole_number")

    assert own.kind.stored(Special.NOT_KNOWN) == {"s": "NK"}
    assert own.kind.value({"s": "NK"}) is Special.NOT_KNOWN
    assert own.kind.shown({"s": "NK"}, own) == "Not known"
    assert own.kind.shown({}, own) == ""


@pytest.mark.parametrize("kind", ["one", "yn"])
def test_choice_does_not_take_not_collected(kind):
    with pytest.raises(Invalid):
        parsed(kind, "NC")


def test_question_may_refuse_special_answers():
    with pytest.raises(Invalid):
        parsed("yn", "NK", specials=[])


def test_option_called_nk_is_an_option():
    assert parsed("one", "NK", options={"NK": "Source not known"}) == "NK"
    assert not isinstance(parsed("one", "NK", options={"NK": "Source not known"}), Special)


def test_cell_of_a_table_takes_not_known_whatever_its_type():
    own = Builder("2009/10").question(
        {"key": "T1", "label": "T", "type": "table", "columns": [{"key": "a", "label": "A", "type": "text"}]},
        "A",
    )
    column: Question = own.column("a")

    assert column.kind.parse("NK", column) is Special.NOT_KNOWN


def test_options_of_the_category_come_from_the_service():
    assert parsed("many", "In-patient unit", options={"other": "Other"}, options_from="category") == (
        "10.01",
    )


def test_register_that_is_not_given_takes_any_key():
    own = field("area", multiple="yes")

    assert own.kind.parse("E1; E2; E1", own) == ("E1", "E2")


@pytest.mark.parametrize(
    "parts", [("F01", "", ""), ("E01", "nu_hv", "wte"), ("F08", "", "n"), ("D01", "r1", "")]
)
def test_cell_id_is_split_into_what_it_was_made_of(parts):
    assert split_cell_id(cell_id(*parts)) == parts


@given(st.sampled_from(sorted(set(TYPES) - {"table", "rows", "computed"})), st.text(max_size=60))
def test_any_text_is_kept_or_refused_with_a_message(kind, text):
    own = field(kind)
    try:
        value = own.kind.parse(text, own, REGISTERS)
    except Invalid as refusal:
        assert str(refusal).endswith(".")
        return
    stored = own.kind.stored(value)
    assert own.kind.value(stored) == value
    assert isinstance(own.kind.shown(stored, own, REGISTERS), str)

import pytest

from mapping.returns.importing.words import Match, Phrases, Span, stem


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Babies", "baby"),
        ("children's", "child"),
        ("Children", "child"),
        ("nurses", "nurse"),
        ("classes", "class"),
        ("illness", "illness"),
        ("Paeds", "paediatric"),
    ],
)
def test_stem_takes_off_plural_and_possessive(word, expected):
    assert stem(word) == expected


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("health visit*", "The Health-Visiting team", ["Health-Visiting"]),
        ("child* nurs*", "Children’s nurses", ["Children’s nurses"]),
        ("drug|alcohol", "Drugs, alcohol", ["Drugs", "alcohol"]),
        ("support ... family", "supports one and all families", ["supports one and all families"]),
        ("support ... family", "supports one or two or three families", []),
        ("SEND", "SEND casework", ["SEND"]),
        ("SEND", "Send us a message", []),
        ("16 plus team", "16+ Team", ["16+ Team"]),
        ("a and e", "Children's A&E", ["A&E"]),
        ("baby", "nothing here", []),
    ],
)
def test_phrases_are_found_as_written_in_the_text(phrase, text, found):
    assert [match.span.text for match in Phrases([phrase]).find("name", text)] == found


def test_only_a_longer_match_around_it_hides_another():
    carer, young_carer = Span("name", 6, 11, "carer"), Span("name", 0, 11, "young carer")

    assert Match("young carer", young_carer).hides(Match("carer", carer))
    assert not Match("carer", carer).hides(Match("young carer", young_carer))
    assert not Match("one", carer).hides(Match("two", carer))
    assert not Match("young carer", young_carer).hides(Match("carer", Span("description", 6, 11, "carer")))

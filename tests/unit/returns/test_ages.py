import pytest

from mapping.returns.importing.ages import ages_in


@pytest.mark.parametrize(
    ("text", "youngest", "oldest"),
    [
        ("people aged 13 to 25 years", 13, 25),
        ("for 11-19 year olds", 11, 19),
        ("children aged birth to 18", 0, 18),
        ("for under 18s", 0, 17),
        ("for under fives", 0, 4),
        ("young people under 25", 0, 24),
        ("children up to 12", 0, 12),
        ("those aged 12 and under", 0, 12),
        ("babies aged 6 to 18 months", 0, 1),
        ("anyone aged 16 and over", 16, None),
        ("adults (18+)", 18, None),
        ("if you are 18 or over", 18, None),
        ("over 50s", 50, None),
        ("women over the age of 18", 18, None),
        ("the over sixties", 60, None),
        ("a place for each 2 year old", 2, 2),
    ],
)
def test_ages_are_found(text, youngest, oldest):
    (found,) = ages_in("description", text)

    assert (found.youngest, found.oldest) == (youngest, oldest)


@pytest.mark.parametrize(
    "text",
    [
        "Tuesdays 7-9pm",
        "9.30-11.30am and 12.30-2.30pm",
        "£30 for a 6 week course",
        "open 24/7",
        "0161 912 2453",
        "ring 10-12 noon",
        "over 50 volunteers",
        "under 5 minutes away",
        "over 40 years' experience",
    ],
)
def test_times_prices_and_counts_are_no_ages(text):
    assert ages_in("description", text) == []


def test_bare_numbers_count_as_ages_in_a_name_only():
    assert [(a.youngest, a.oldest) for a in ages_in("name", "Group 10-14")] == [(10, 14)]
    assert ages_in("description", "Rooms 10-14") == []


@pytest.mark.parametrize(
    ("text", "young", "adult"),
    [
        ("aged 13 to 25", True, False),
        ("aged 14-35", True, False),
        ("aged 16 to 25", True, False),
        ("aged 18 to 25", False, False),
        ("aged 16 and over", False, True),
        ("aged 18 to 65", False, True),
        ("aged 11 and over", False, False),
    ],
)
def test_ages_tell_young_from_adult(text, young, adult):
    (found,) = ages_in("description", text)

    assert (found.is_young, found.is_adult) == (young, adult)


def test_place_of_an_age_is_kept_for_underlining():
    text = "Clubs for people aged 13 to 25 years."

    (found,) = ages_in("description", text)

    assert text[found.span.start : found.span.end] == found.span.text == "aged 13 to 25 years"

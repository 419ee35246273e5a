import pytest

from mapping.returns.classification import classification
from mapping.returns.importing.suggest import Verdict, suggest, vocabulary
from tests.benchmarks.bench_suggestions import directory_rows, invented_rows, score


@pytest.mark.parametrize(
    ("name", "description", "category"),
    [
        ("Health Visiting Team – North", "", "02"),
        ("CAMHS Tier 3 – Southside", "", "09"),
        ("Tier 2 CAMHS", "", "08"),
        ("Rainbow Nursery", "", "14"),
        ("Youth Offending Service", "", "20"),
        ("Short breaks – The Willows", "", "17"),
        ("The Space", "Counselling for young people aged 13 to 19.", "11"),
        ("Contacts", "Support for adults and young people with learning disabilities.", "17"),
    ],
)
def test_services_for_children_get_their_category(name, description, category):
    suggestion = suggest(name, description)

    assert (suggestion.verdict, suggestion.category) == (Verdict.SUGGESTED, category)


@pytest.mark.parametrize(
    ("name", "description", "reason"),
    [
        ("Memory clinic", "", "“Memory clinic”: for older people"),
        ("Adult IAPT", "", "“Adult”: for adults"),
        ("Shopmobility", "", "No child, parent or family is named."),
        ("Talking", "Therapy for people aged 16 and over.", "“aged 16 and over”: in effect for adults"),
        ("Home Hosts", "Adult fostering by families.", "“Adult fostering”: for adults"),
        ("Sunrise", "Dementia advice for family carers.", "“Dementia”: for older people"),
    ],
)
def test_services_for_others_are_told_apart_with_the_reason(name, description, reason):
    suggestion = suggest(name, description)

    assert (suggestion.verdict, suggestion.category, suggestion.reason) == (
        Verdict.NOT_CHILDREN,
        None,
        reason,
    )


@pytest.mark.parametrize(
    ("name", "description", "candidates"),
    [
        ("Cornerstone Counselling", "", ("11",)),
        ("Carers' Centre", "Support for unpaid carers.", ("16",)),
        ("Speech and Language Therapy", "", ("17",)),
        ("Together", "Children and older people garden together.", ()),
    ],
)
def test_a_question_is_asked_where_the_text_does_not_tell(name, description, candidates):
    suggestion = suggest(name, description)

    assert (suggestion.verdict, suggestion.category) == (Verdict.CHOICE, None)
    assert suggestion.candidates == candidates


def test_a_tie_is_left_to_the_user_with_both_to_choose_from():
    suggestion = suggest("Number Seven", "A youth club and a fostering service.")

    assert suggestion.verdict is Verdict.CHOICE
    assert suggestion.candidates == ("22", "26")
    assert suggestion.reason == "“youth club” fits 22, but 22 and 26 fit equally well."


def test_words_that_led_to_a_category_stand_where_they_are_said_to():
    name, description = "Little Steps", "A playgroup for two to four year olds. Children play with sand."

    words = suggest(name, description).words

    assert "playgroup" in [word.text for word in words]
    for word in words:
        text = name if word.field == "name" else description
        assert text[word.start : word.end] == word.text


def test_a_term_in_the_name_counts_more_than_in_the_description():
    assert suggest("Playgroup", "Next to the youth club.").category == "14"
    assert suggest("Youth Club", "Next to the playgroup.").category == "22"


def test_every_category_of_the_classification_has_words_and_no_other():
    words = vocabulary()
    named = {term.category for terms in words.terms.values() for term in terms if term.category}
    named |= {category for _, category, _ in words.together}
    named |= {category for points in words.ages.values() for category in points}

    assert named == set(classification().categories)


def test_no_name_of_the_published_directory_is_in_the_vocabulary():
    words = vocabulary()
    phrases = {*words.terms, *(part for parts, _, _ in words.together for part in parts)}

    assert phrases.isdisjoint({row.name.lower() for row in directory_rows()})


def test_suggestions_hold_on_the_published_directory():
    result = score(directory_rows())

    assert (result.with_category, result.for_others) == (10, 41)
    assert result.right >= 9
    assert result.offered <= 1


@pytest.mark.parametrize(
    ("part", "share"), [("tuning", 0.95), ("held_out", 0.9), ("later", 0.9), ("last", 0.85)]
)
def test_suggestions_hold_on_invented_services(part, share):
    result = score(invented_rows(part))

    assert result.right >= share * result.with_category
    assert result.offered <= 0.05 * result.for_others

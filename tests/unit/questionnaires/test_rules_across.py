"""The rules across organisations: their examples, their edges, and that a message tells nothing of others."""

import pytest

from questionnaires.across_examples import across_examples
from questionnaires.examples import BadExample
from questionnaires.rules.across import RULES, Reply, Scene, Submitted, found_in

EXAMPLES = across_examples()
HERE = "E08000009"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.where} {example.rule}")
def test_rule_finds_the_example_that_fails_and_not_the_one_that_passes(example):
    assert (example.is_found(example.passes), example.is_found(example.fails)) == (False, True)


def test_every_rule_has_an_example():
    assert {example.rule for example in EXAMPLES} == set(RULES)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {rule: A09}", "across.yaml:1: an example has at"),
        ("- {rule: A, question: B, at: C, text: D, passes: {}, fails: {}}", "across.yaml:1: a situation"),
    ],
)
def test_example_that_cannot_be_read_is_named(tmp_path, text, message):
    path = tmp_path / "across.yaml"
    path.write_text(text)

    with pytest.raises(BadExample, match=message):
        across_examples(path)


def rated(question, rating, response=1):
    return Submitted(response, HERE, "ni51", {question: {"v": rating}})


def rules_of(*submitted, **scene):
    return [found.rule for found in found_in(Scene(submitted, **scene))]


@pytest.mark.parametrize("rating", ["1", "2", "3"])
def test_a_rating_below_four_needs_no_support(rating):
    assert rules_of(*(rated(f"NI51{letter}", rating) for letter in "abcd")) == []


def test_a_rating_that_nobody_supports_yet_is_found_whether_or_not_somebody_has_submitted():
    """What a partner has not submitted and what it has not got look the same, so the finding tells neither."""
    without = Submitted(
        2, "RW3", "service", {"CAM03": {"v": ["none"]}}, category="09", areas=frozenset({HERE})
    )
    own = rated("NI51a", "4")

    nobody, somebody = (found_in(Scene(scene)) for scene in ((own,), (own, without)))

    assert nobody == somebody and [found.rule for found in nobody] == ["NI-S1"]


def test_a_learning_disability_service_outside_camhs_is_no_support():
    other = Submitted(
        2, "RW3", "service", {"CAM03": {"v": ["learning_disability"]}}, category="18", areas=frozenset({HERE})
    )

    assert rules_of(rated("NI51a", "4"), other) == ["NI-S1"]


@pytest.mark.parametrize(
    "cell", ["NHST-C08||under_16", "NHST-C08||days", "PCTC13||admissions", "PCTC13||days"]
)
def test_each_figure_of_adult_wards_counts(cell):
    trust = Submitted(2, "RXV", "nhs_provider", {cell: {"v": 1}})

    assert rules_of(rated("NI51b", "4"), trust, members={HERE: frozenset({HERE, "RXV"})}) == ["NI-S2"]


def test_adult_wards_of_another_area_do_not_count_and_a_service_for_the_area_brings_its_trust_in():
    trust = Submitted(2, "RXV", "nhs_provider", {"NHST-C08||days": {"v": 3}})
    service = Submitted(3, "RXV", "service", areas=frozenset({HERE}))

    assert rules_of(rated("NI51b", "4"), trust) == []
    assert rules_of(rated("NI51b", "4"), trust, service) == ["NI-S2"]


def test_special_answers_are_no_figures():
    trust = Submitted(2, "RXV", "nhs_provider", {"NHST-C08||days": {"s": "NK"}})

    assert rules_of(rated("NI51b", "4"), trust, members={HERE: frozenset({"RXV"})}) == []


def test_two_services_of_one_organisation_are_for_its_own_rules():
    one = {"name": "Night team", "provider": "RW3", "postcode": "M33 7ZF"}

    assert rules_of(Submitted(1, HERE, "service", **one), Submitted(2, HERE, "service", **one)) == []


@pytest.mark.parametrize("lacking", ["name", "provider", "postcode"])
def test_services_without_name_provider_or_place_are_not_compared(lacking):
    one = {"name": "Night team", "provider": "RW3", "postcode": "M33 7ZF", lacking: ""}

    assert rules_of(Submitted(1, HERE, "service", **one), Submitted(2, "5NR", "service", **one)) == []


def pct(**answers):
    return Submitted(5, "5NR", "pct_commissioner", {cell: {"v": value} for cell, value in answers.items()})


def test_a_pct_of_two_authorities_is_named_by_one_of_them():
    members = {HERE: frozenset({HERE, "5NR"}), "E08000003": frozenset({"E08000003", "5NR"})}
    without = Submitted(1, HERE, "childrens_trust", {"CTQC4": {"v": ["la"]}})
    named = Submitted(2, "E08000003", "childrens_trust", {"CTQC4": {"v": ["pct"]}})

    assert rules_of(pct(PCTC05="yes"), without, members=members) == ["PCTC05"]
    assert rules_of(pct(PCTC05="yes"), without, named, members=members) == []
    assert rules_of(pct(PCTC05="no"), without, members=members) == []
    assert rules_of(pct(PCTC05="yes"), members=members) == []


def test_scores_are_compared_where_both_have_answered():
    members, own = {HERE: frozenset({HERE, "5NR"})}, pct(**{"PCTC14|a|score": "3"})

    assert rules_of(own, rated("NI51c", "1"), members=members) == []
    assert rules_of(own, rated("NI51a", "2"), members=members) == ["PCTC14"]
    assert rules_of(own, rated("NI51a", "2")) == []


def test_the_message_about_scores_says_nothing_of_the_authority():
    members, own = {HERE: frozenset({HERE, "5NR"})}, pct(**{"PCTC14|a|score": "3"})

    messages = {
        found.message
        for rating in ("1", "2")
        for found in found_in(Scene((own, rated("NI51a", rating)), members))
    }

    assert len(messages) == 1


def test_partners_who_refuse_and_who_are_silent_are_named_apart():
    service = Submitted(1, HERE, "service", name="Night team")
    replies = (Reply(1, "Trafford PCT", None), Reply(1, "Barnet", False), Reply(1, "Salford", True))

    (found,) = found_in(Scene((service,), replies=replies))

    assert found.message == "Not taking part, by their own word: Barnet. Not confirmed yet: Trafford PCT."


def test_no_message_names_an_organisation_or_a_figure_but_that_of_partners_who_were_asked():
    """Whatever else is in the scene: two areas with other names and other figures get the same words."""
    for example in EXAMPLES:
        if example.rule != "A09":
            for found in found_in(example.fails):
                others = {one.organisation for one in example.fails.submitted}
                assert not any(other in found.message for other in others)

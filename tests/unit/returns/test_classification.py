import pytest

from mapping.returns.classification import FILE, ClassificationError, classification, read_classification

TEXT = FILE.read_text(encoding="utf-8")


def test_classification_has_the_26_categories_in_seven_groups():
    loaded = classification()

    assert list(loaded.categories) == [f"{number:02}" for number in range(1, 27)]
    assert list(loaded.groups) == ["G1", "G2", "G3", "G4", "G5", "G6", "G7"]
    sizes = [len(categories) for _, categories in loaded.by_group(set(loaded.respondents))]
    assert sizes == [7, 4, 2, 3, 3, 3, 4]


def test_every_category_says_what_belongs_to_it_and_what_does_not():
    for category in classification().categories.values():
        assert category.definition and category.include and category.exclude and category.options, category
        assert category.modules[0] == "core", category


def test_patterns_of_staff_groups_are_expanded_once_each():
    groups = classification().categories["10"].staff_groups

    assert groups[:2] == ("md_con", "md_oth")
    assert groups[-3:] == ("nu_nn", "ed_teach", "ot_unq")
    assert len(groups) == len(set(groups))


def test_picker_shows_only_categories_the_organisation_may_enter():
    codes = [category.code for category in classification().open_to({"LA"})]

    assert "02" not in codes and "23" in codes
    assert "G1" not in [group.key for group, _ in classification().by_group({"LA"})]
    assert classification().open_to({"PCTC"}) == []


@pytest.mark.parametrize(
    ("code", "options", "period"),
    [
        ("10", set(), "half_year"),
        ("06", {"06.01"}, "half_year"),
        ("06", {"06.02"}, "month"),
        ("15", set(), "month"),
    ],
)
def test_activity_period_follows_category_and_options(code, options, period):
    assert classification().categories[code].period_for(options) == period


@pytest.mark.parametrize(("code", "expected"), [("13", True), ("15", True), ("17", False), ("01", False)])
def test_activity_is_only_expected_where_it_is_hard_to_collect(code, expected):
    assert classification().categories[code].activity_is_expected_only is expected


@pytest.mark.parametrize(
    ("right", "wrong", "named"),
    [
        ("group: G1", "group: G9", "groups: G9"),
        ("tier: universal", "tier: open", "tiers: open"),
        ('"01.01": Community', '"02.01": Community', "option: 02.01"),
        ('category: "07"}', 'category: "77"}', "exclude: 77"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(right, wrong, named):
    with pytest.raises(ClassificationError, match=named):
        read_classification(TEXT.replace(right, wrong, 1))

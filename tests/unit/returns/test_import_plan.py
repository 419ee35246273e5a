from pathlib import Path

import pytest

from mapping.returns.importing.columns import match_columns
from mapping.returns.importing.duplicates import Index, ListedService, Marks, differences, plain_telephone
from mapping.returns.importing.plan import Choice, Group, Outcome, Same, plan_import, report_rows

DIRECTORIES = Path(__file__).resolve().parents[2] / "data" / "service_directories"


def plan_of(*lines, heading="Name,Description,Postcode,Telephone", respondents=("LA",), **others):
    content = "\n".join([heading, *lines]).encode()
    return plan_import(content, "list.csv", respondents=respondents, **others)


# ---- columns -----------------------------------------------------------------------------------------------


def test_columns_are_matched_by_their_headings():
    headings = ["Service Name", "About", "Tel. No:", "Post-code", "E-mail", "Web Page", "Colour"]

    assert match_columns(headings) == {
        "Service Name": "name",
        "About": "description",
        "Tel. No:": "telephone",
        "Post-code": "postcode",
        "E-mail": "email",
        "Web Page": "website",
    }


def test_of_two_columns_for_a_field_the_surer_is_taken():
    assert match_columns(["Organisation", "Name"]) == {"Name": "name"}


def test_what_the_user_corrected_comes_first_and_leaves_out():
    remembered = {"colour": "locality", "About": ""}

    assert match_columns(["Name", "About", "Colour", "Area"], remembered) == {
        "Name": "name",
        "Colour": "locality",
    }


def test_without_a_column_for_the_name_no_rows_are_planned():
    plan = plan_of("a,b", heading="Blurb,Description,Postcode")

    assert plan.needs_name_column and plan.rows == []
    assert not plan_of(
        "a,b", heading="Blurb,Description,Postcode", remembered={"Blurb": "name"}
    ).needs_name_column


# ---- doubles -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "other", "double"),
    [
        ("The Toy House", "toy house", True),
        ("Families & Children", "Families and Children Ltd", True),
        ("Rainbow Nursery", "Rainbov Nursery", True),
        ("Rainbow Nursery", "Rainbows Nursery", True),
        ("42nd Street", "42nd Street (Trafford)", True),
        ("Team 1", "Team 2", False),
        ("CAMHS East", "CAMHS West", False),
        ("Ward A", "Ward B", False),
        ("Duty Team", "Duty Team 2", False),
        ("Toy House", "Play Place", False),
    ],
)
def test_doubles_are_found_by_name_and_telephone(name, other, double):
    index = Index()
    index.add("other", Marks.of(other, telephone="+44 161 912 2453"))

    assert bool(index.find(Marks.of(name, telephone="0161-912-2453"))) is double


def test_a_longer_name_is_no_double_without_a_common_contact():
    index = Index()
    index.add("other", Marks.of("42nd Street (Trafford)", "M4 5AG", "0161 912 2453"))

    assert index.find(Marks.of("42nd Street", "M1 1AA", "0161 000 0000")) == []
    assert index.find(Marks.of("42nd Street", "m45ag")) == ["other"]


def test_differences_are_shown_line_by_line():
    listed = ListedService("S0001", "Toy Box", telephone="0161 912 2453", address="1 High Street")

    lines = differences(
        {"name": "Toy Box", "telephone": "+44 161 912 2453", "address": "2 Low Street"}, listed
    )

    assert [(line.label, line.differs) for line in lines] == [
        ("Name", False),
        ("Telephone", False),
        ("Address", True),
    ]


@pytest.mark.parametrize(
    ("written", "plain"), [("+44 (0)161 912 2453", "01619122453"), ("ext 12", ""), ("", "")]
)
def test_telephones_are_compared_by_their_digits(written, plain):
    assert plain_telephone(written) == plain


# ---- plan --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "group", "outcome", "category"),
    [
        ("Rainbow Nursery,,,", Group.TO_ADD, Outcome.ADDED, "14"),
        ("Cornerstone Counselling,,,", Group.CHOICE_NEEDED, Outcome.NO_CATEGORY, ""),
        ("Memory Clinic,,,", Group.NOT_CHILDREN, Outcome.NOT_CHILDREN, ""),
        (",No name here,,", Group.REFUSED, Outcome.REFUSED, ""),
        ("x" * 201 + ",,,", Group.REFUSED, Outcome.REFUSED, ""),
        ('"=1+1",,,', Group.REFUSED, Outcome.REFUSED, ""),
        ("Health Visitors,,,", Group.CHOICE_NEEDED, Outcome.REFUSED, "02"),
    ],
)
def test_rows_are_put_into_groups(line, group, outcome, category):
    (row,) = plan_of(line).rows

    assert (row.group, row.outcome, row.category) == (group, outcome, category)


def test_a_category_of_others_is_taken_from_those_who_may_enter_it():
    (row,) = plan_of("Health Visitors,,,", respondents=("PCTC", "PCTP")).rows

    assert (row.outcome, row.category) == (Outcome.ADDED, "02")


@pytest.mark.parametrize("given", ["15", "Family support", "15 Family support"])
def test_a_category_in_the_file_is_taken_as_it_is(given):
    (row,) = plan_of(f"Number Seven,{given}", heading="Name,Category").rows

    assert (row.outcome, row.category, row.reason) == (Outcome.ADDED, "15", "The file gives this category.")


def test_a_category_of_another_scheme_helps_to_find_ours():
    (row,) = plan_of("Number Seven,Youth clubs", heading="Name,Category").rows

    assert (row.category, row.suggestion.words) == ("22", ())


def test_values_are_tidied_and_what_is_wrong_is_left_out_with_a_note():
    (row,) = plan_of(
        "Rainbow Nursery,m33 7zf,toybox.example,none",
        heading="Name,Postcode,Website,Email",
    ).rows

    assert row.values == {
        "name": "Rainbow Nursery",
        "postcode": "M33 7ZF",
        "website": "http://toybox.example",
    }
    assert row.notes == ("“none” is not an e-mail address and was left out.",)


def test_of_two_rows_with_the_same_name_the_first_stays_and_both_say_so():
    plan = plan_of("Rainbow Nursery,,M1 1AA,", "Memory Clinic,,,", "rainbow nursery,,M2 2BB,")

    assert [row.outcome for row in plan.rows] == [Outcome.ADDED, Outcome.NOT_CHILDREN, Outcome.DUPLICATE]
    assert [row.twins for row in plan.rows] == [(3,), (), (1,)]
    assert plan.rows[0].notes == ("Same name as row 3, another address.",)
    assert plan.same_in_file == [plan.rows[0], plan.rows[2]]


def test_a_service_of_the_list_is_shown_side_by_side():
    listed = ListedService("S0001", "Rainbow Nursery", postcode="M2 2BB")

    (row,) = plan_of("Rainbow Nursery,,M1 1AA,", existing=[listed]).rows

    assert (row.group, row.outcome, row.listed) == (Group.DUPLICATE_IN_LIST, Outcome.DUPLICATE, listed)
    assert [line.label for line in row.compared if line.differs] == ["Postcode"]


def test_a_service_of_the_list_is_found_by_its_reference():
    listed = ListedService("S0001", "Old Name")

    (row,) = plan_of("Rainbow Nursery,S0001", heading="Name,Reference", existing=[listed]).rows

    assert row.listed == listed


@pytest.mark.parametrize(
    ("line", "choice", "outcome", "category"),
    [
        ("Cornerstone Counselling,,,", Choice(category="11"), Outcome.ADDED, "11"),
        ("Cornerstone Counselling,,,", Choice(category="02"), Outcome.NO_CATEGORY, ""),
        ("Cornerstone Counselling,,,", Choice(category="99"), Outcome.NO_CATEGORY, ""),
        ("Cornerstone Counselling,,,", Choice(add=True), Outcome.NO_CATEGORY, ""),
        ("Memory Clinic,,,", Choice(category="15", add=True), Outcome.ADDED, "15"),
        ("Rainbow Nursery,,,", Choice(add=False), Outcome.LEFT_OUT, "14"),
        ("Rainbow Nursery,,,", Choice(category="15"), Outcome.ADDED, "15"),
        ("Health Visitors,,,", Choice(category="15"), Outcome.ADDED, "15"),
        (",Nameless,,", Choice(category="15", add=True), Outcome.REFUSED, ""),
        ("Listed Nursery,,,", Choice(same=Same.UPDATE), Outcome.UPDATED, "14"),
        ("Listed Nursery,,,", Choice(same=Same.KEEP), Outcome.LEFT_OUT, "14"),
        ("Listed Nursery,,,", Choice(same=Same.DIFFERENT), Outcome.ADDED, "14"),
        ("Listed Nursery,,,", Choice(category="15"), Outcome.DUPLICATE, "15"),
    ],
)
def test_choices_of_the_user_decide(line, choice, outcome, category):
    existing = [ListedService("S0001", "Listed Nursery")]

    (row,) = plan_of(line, existing=existing, choices={1: choice}).rows

    assert (row.outcome, row.category) == (outcome, category)


# ---- the published directory -------------------------------------------------------------------------------


def directory(name):
    content = (DIRECTORIES / name).read_bytes()
    return plan_import(content, name, respondents={"LA"})


def test_published_directory_gives_60_rows_and_its_two_pairs():
    plan = directory("trafford_mental_health_services.csv")

    assert len(plan.rows) == sum(plan.counts.values()) == 60
    assert {row.number: row.twins for row in plan.same_in_file} == {
        34: (56,),
        41: (52,),
        52: (41,),
        56: (34,),
    }
    assert [row.number for row in plan.in_group(Group.DUPLICATE_IN_FILE)] == [52, 56]


def test_open_referral_gives_the_same_list_as_csv():
    from_csv = report_rows(directory("trafford_mental_health_services.csv"))
    from_json = report_rows(directory("trafford_mental_health_services.oruk.json"))

    assert from_json == from_csv
    assert from_csv[51]["outcome"] == "duplicate"
    assert from_csv[51]["reason"].startswith("Same name as row 41, another address.")


def test_children_s_centres_are_added_as_early_years():
    plan = directory("trafford_childrens_centres.csv")

    assert [(row["outcome"], row["category"]) for row in report_rows(plan)] == [("added", "14")] * 2

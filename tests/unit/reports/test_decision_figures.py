"""The figures of the director's page, worked out from facts."""

from decimal import Decimal

import pytest

from reports.decisions import figures
from reports.decisions.figures import AreaSums, Sums, change_of, trust_rows
from reports.facts import Fact


def sums(services=None, **numbers):
    found = Sums(services=services)
    for name, number in numbers.items():
        measure, _, item = name.partition("__")
        found.add(measure, item, number=Decimal(number))
    return found


def service_rows(this, last, **more):
    return figures.service_rows(this, last, dates={"census": "30 November", "month": "November"}, **more)


def row(rows, label):
    return next(row for row in rows if row.label == label)


AREA = AreaSums(
    "North West",
    {
        ("wte", ""): (Decimal(500), Decimal(100_000)),
        ("vacancies", ""): (Decimal(50), Decimal(100_000)),
        ("waiting_time", "w4"): (Decimal(6), Decimal(100)),
        ("waiting_time", "w5"): (Decimal(3), Decimal(100)),
        ("waiting_time", "w1"): (Decimal(41), Decimal(100)),
        ("board_on", "b01"): (Decimal(3), Decimal(4)),
        ("board_on", "b02"): (Decimal(1), Decimal(4)),
    },
)


def test_counts_stand_beside_last_year():
    rows = service_rows(sums(services=40, caseload=6214), sums(services=38, caseload=5980), areas=[AREA])

    counted, caseload = rows[0], row(rows, "Children on the caseload")
    assert (counted.last, counted.this, counted.change, counted.areas) == ("38", "40", "+2", ("",))
    assert (caseload.last, caseload.this, caseload.change, caseload.areas) == (
        "5,980",
        "6,214",
        "+234",
        ("",),
    )


def test_rates_use_residents_and_compare_with_areas():
    rows = service_rows(sums(wte="80"), sums(wte="75"), areas=[AREA], under_18s=20_000)

    rate = row(rows, "Staff for each 100,000 under 18")
    assert (rate.last, rate.this, rate.change, rate.areas) == ("375.0", "400.0", "+25.0", ("500.0",))


def test_rates_are_left_out_without_a_population():
    labels = [row.label for row in service_rows(sums(wte="80"), None)]

    assert not [label for label in labels if "under 18" in label]


def test_shares_change_in_points_of_what_is_shown():
    this, last = sums(wte="93", vacancies="7"), sums(wte="94.6", vacancies="5.4")

    vacant = row(service_rows(this, last, areas=[AREA]), "Vacant posts")

    assert (vacant.last, vacant.this, vacant.change, vacant.areas) == ("5%", "7%", "+2 points", ("9%",))


def test_long_waits_are_a_share_of_known_waits():
    this = sums(waiting_time__w1=15, waiting_time__w4=3, waiting_time__w5=2, waiting_time__wNK=80)

    waits = row(service_rows(this, None, areas=[AREA]), "Waiting over 18 weeks")

    assert (waits.last, waits.this, waits.change, waits.areas) == ("N/A", "25%", "", ("18%",))


def test_what_nobody_answered_is_not_a_zero():
    rows = service_rows(sums(services=2), sums(services=2, caseload=10))

    caseload = row(rows, "Children on the caseload")
    assert (caseload.last, caseload.this, caseload.change) == ("10", "N/A", "")


def test_share_of_nothing_is_not_told():
    assert row(service_rows(sums(wte=0, vacancies=0), None), "Vacant posts").this == "N/A"


def test_explained_figures_are_marked_once():
    rows = service_rows(sums(wte=3), None, under_18s=1000, explained=frozenset({"wte"}))

    assert [row.label for row in rows if row.is_explained] == ["Staff, WTE"]


def test_facts_of_children_who_live_elsewhere_and_special_answers_are_not_added():
    found = Sums()
    found.add_facts(
        [
            Fact("caseload", number=Decimal(5)),
            Fact("caseload", area="E08000009", number=Decimal(4)),
            Fact("caseload", state="NK"),
            Fact("board_on", "b01", choice="yes"),
        ]
    )

    assert found.total("caseload") == 5
    assert (found.chosen("board_on", "yes"), found.chosen("board_on", "no")) == (1, 0)
    assert found.chosen("joint_on", "yes") is None


def board(**items):
    found = Sums()
    for item, choice in items.items():
        found.add("board_on", item, choice=choice)
    return found


def test_yeses_stand_beside_the_average_of_an_area():
    (agencies,) = trust_rows(board(b01="yes", b02="yes"), board(b01="yes", b02="no"), areas=[AREA])

    assert (agencies.last, agencies.this, agencies.change, agencies.areas, agencies.under) == (
        "1",
        "2",
        "+1",
        ("1.0",),
        "Of 2",
    )


def test_yeses_of_different_lists_have_no_change():
    (agencies,) = trust_rows(board(b01="yes", b02="yes"), board(b01="yes"))

    assert (agencies.last, agencies.this, agencies.change, agencies.under) == (
        "1",
        "2",
        "",
        "Of 2, before of 1",
    )


@pytest.mark.parametrize(
    ("before", "now", "share", "words"),
    [
        ("4.4", "5.5", True, "+2 points"),
        ("5.5", "5.4", True, "−1 point"),
        ("5", "5.4", True, "0 points"),
        ("10", "7", False, "−3"),
        (None, "7", False, ""),
        ("7", None, False, ""),
    ],
)
def test_change_is_the_difference_of_the_figures_shown(before, now, share, words):
    numbers = [None if number is None else Decimal(number) for number in (before, now)]

    assert change_of(*numbers, is_share=share) == words

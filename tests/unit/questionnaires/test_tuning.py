"""Corrections read from revisions, and the ends between which nearly all figures lie."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from questionnaires.tuning.corrections import corrected_cells, corrections
from questionnaires.tuning.peers import ends, ranges_from


def kept(value, origin="typed"):
    return {"v": value, "o": origin}


def revision(**changed):
    return SimpleNamespace(changed=changed)


@pytest.mark.parametrize(
    ("old", "new", "is_correction"),
    [
        (kept(300), kept(30), True),
        (kept(300), {"s": "NK", "o": "typed"}, True),
        (None, kept(30), False),
        (kept(300), None, False),
        (kept(300, "carried"), kept(30), False),
        (kept(300), kept(300, "confirmed"), False),
    ],
)
def test_a_correction_puts_another_value_in_place_of_one_given_this_year(old, new, is_correction):
    assert corrected_cells(revision(F01=[old, new])) == ({"F01"} if is_correction else set())


def too_high(cells):
    """A warning about each figure above 100, as evaluation words them."""
    return [
        SimpleNamespace(key=("GS1", cell), cells=(cell,), question=cell, reason_wanted=True)
        for cell, stored in cells.items()
        if stored.get("v", 0) > 100
    ]


def test_a_warning_that_went_with_another_value_was_corrected():
    revisions = [revision(F01=[kept(300), kept(30)]), revision(F01=[None, kept(300)], F02=[None, kept(200)])]

    assert corrections({"F01": kept(30), "F02": kept(200)}, revisions, too_high) == {("GS1", "F01"): "F01"}


def test_a_warning_that_stays_after_another_value_was_not_corrected():
    revisions = [revision(F01=[kept(300), kept(200)]), revision(F01=[None, kept(300)])]

    assert corrections({"F01": kept(200)}, revisions, too_high) == {}


def test_a_correction_of_another_cell_is_none_of_this_warning():
    revisions = [revision(F02=[kept(8), kept(9)]), revision(F01=[None, kept(300)], F02=[None, kept(8)])]

    assert corrections({"F01": kept(300), "F02": kept(9)}, revisions, too_high) == {}


@pytest.mark.parametrize(
    ("count", "percent", "expected"),
    [(30, 1, (1, 30)), (100, 1, (1, 100)), (200, 1, (2, 199)), (100, 5, (5, 96)), (101, 10, (11, 91))],
)
def test_ends_are_the_nearest_ranks(count, percent, expected):
    figures = [Decimal(n) for n in range(1, count + 1)]

    assert ends(figures, percent) == expected


def test_fewer_than_thirty_services_are_no_peers():
    figures = {"F01": [str(n) for n in range(29)], "F02": [str(n) for n in range(30)]}

    assert ranges_from(figures) == {
        "F02": {"1": ["0", "29"], "2": ["0", "29"], "5": ["1", "28"], "10": ["2", "27"]}
    }

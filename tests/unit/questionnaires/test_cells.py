"""When two stored cells say the same."""

import pytest

from questionnaires.cells import says_same


@pytest.mark.parametrize(
    ("stored", "other", "same"),
    [
        ({"v": 5, "o": "carried"}, {"v": 5, "o": "typed"}, True),
        ({"v": 5}, {"v": 6}, False),
        ({"v": ["home", "school"]}, {"v": ["school", "home"]}, True),
        ({"v": ["home"]}, {"v": ["home", "school"]}, False),
        ({"s": "NK"}, {"v": "NK"}, False),
        (None, {"v": ""}, False),
        (None, None, True),
    ],
)
def test_origin_and_order_say_nothing(stored, other, same):
    assert says_same(stored, other) is same

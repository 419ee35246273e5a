"""T01, T08 and T09: who is on the Board, and what is commissioned jointly. Pure."""

from itertools import pairwise

from reports.tables.lines import (
    COUNT,
    POINTS,
    Measure,
    Table,
    Value,
    answer,
    change,
    count,
    is_figure,
    line,
    no_return,
    not_asked,
    share,
)

CHILDRENS_TRUST = "childrens_trust"
LEVELS = ("head", "senior", "other")
BASES = (
    "Each authority answers for its Children's Trust. Percentages are rounded half up to whole numbers.",
    "Counts and shares of authorities are never held back: they are not about people.",
)


def board_lines(figures):
    """T01. % on Board is of the authorities that answered for the agency; the levels are of those on the Board
    whose level is stated. An authority without a Board counts as a no for each agency.
    """
    return [
        line("T01", item, collection, figures, area, measure, value)
        for collection in figures.collections
        for area in figures.areas[collection]
        for item in figures.items
        for measure, value in board_values(figures, collection, item, area)
    ]


def board_values(figures, collection, item, area):
    """The six values of an agency in one area, as (measure, Value)."""
    if collection not in item.asked_in:
        return [(measure.key, not_asked(collection, measure.unit)) for measure in BOARD.measures]
    on_board = figures.amount(collection, "board_on", item.key, area.code)
    if figures.level == "authority":
        return _board_answers(figures, collection, item, area, on_board)
    values = [
        ("on_board", share(on_board)),
        ("no_response", count(on_board.respondents - on_board.base, on_board.respondents)),
    ]
    return values + _level_values(figures, collection, item, area, on_board)


def _level_values(figures, collection, item, area, on_board):
    if collection not in item.level_asked_in:
        return _without_level(collection)
    levels = {key: figures.amount(collection, f"board_{key}", item.key, area.code) for key in LEVELS}
    stated = levels["head"].base
    shares = [(key, share(amount)) for key, amount in levels.items()]
    return [*shares, ("level_not_stated", count(on_board.value - stated, on_board.value))]


def _without_level(collection):
    note = f"The level of this agency is not asked in {collection}."
    units = {measure.key: measure.unit for measure in BOARD.measures}
    return [(key, Value("N/A", unit=units[key], note=note)) for key in (*LEVELS, "level_not_stated")]


def _board_answers(figures, collection, item, area, on_board):
    """What one authority said itself."""
    if not on_board.respondents:
        return [(measure.key, no_return()) for measure in BOARD.measures]
    is_on, has_answered = bool(on_board.value), bool(on_board.base)
    said = answer(is_on) if has_answered else Value("", unit="answer", note="No response to the question.")
    values = [("on_board", said), ("no_response", answer(not has_answered))]
    if collection not in item.level_asked_in:
        return values + _without_level(collection)
    levels = {key: figures.amount(collection, f"board_{key}", item.key, area.code) for key in LEVELS}
    is_stated = bool(levels["head"].base)
    values += [(key, answer(amount.value)) for key, amount in levels.items()]
    return [*values, ("level_not_stated", answer(is_on and not is_stated))]


BOARD = Table(
    code="T01",
    title="Agencies on the Children's Trust Board",
    subject="of Boards",
    questionnaire=CHILDRENS_TRUST,
    question="CTQB2",
    row_name="Agency",
    needs=("board_on", "board_head", "board_senior", "board_other"),
    measures=(
        Measure("on_board", "On the Board"),
        Measure("no_response", "No response", COUNT),
        Measure("head", "Head or chief executive"),
        Measure("senior", "Senior officer"),
        Measure("other", "Other"),
        Measure("level_not_stated", "Level not stated", COUNT),
    ),
    lines=board_lines,
    how_to_read=(
        "On the Board: share of the authorities that answered for the agency. An authority without a Board counts "
        "as a no. No response: number of authorities that left the agency blank or did not know.",
        "Head, senior officer, other: share of the authorities with the agency on the Board that state its level.",
        *BASES,
    ),
)


def joint_lines(figures):
    """T09: joint commissioning, of all authorities that answered the questionnaire, with the change of the rounded
    shares in the later collection. Ordered by the latest share, then by name.
    """
    lines = []
    for area in _areas(figures):
        shown = {item.key: _joint_shares(figures, item, area) for item in figures.items}
        for item in sorted(figures.items, key=lambda item: _latest_first(item, shown[item.key])):
            lines += _joint_lines_of(figures, item, area, shown[item.key])
    return lines


def _areas(figures):
    """The areas of all shown collections, each once."""
    areas = {area.code: area for year in figures.collections for area in figures.areas[year]}
    return areas.values()


def _joint_shares(figures, item, area):
    """collection -> Value of one row in one area, for the collections in which the area exists."""
    return {
        collection: _joint_value(figures, collection, item, area)
        for collection in figures.collections
        if area in figures.areas[collection]
    }


def _joint_value(figures, collection, item, area):
    if collection not in item.asked_in:
        return not_asked(collection)
    amount = figures.amount(collection, "joint_on", item.key, area.code)
    if figures.level != "authority":
        return share(amount)
    return answer(amount.value) if amount.respondents else no_return()


def _latest_first(item, shown):
    latest = list(shown.values())[-1].value if shown else None
    return (-latest if is_figure(latest) else 1, item.label.casefold())


def _joint_lines_of(figures, item, area, shown):
    lines = [line("T09", item, year, figures, area, "joint", value) for year, value in shown.items()]
    for (_, before), (year, now) in pairwise(shown.items()):
        lines.append(line("T09", item, year, figures, area, "change", change(before, now)))
    return lines


JOINT = Table(
    code="T09",
    title="Areas of joint commissioning",
    subject="of authorities",
    questionnaire=CHILDRENS_TRUST,
    question="CTQE2",
    row_name="Area of work",
    needs=("joint_on",),
    measures=(Measure("joint", "Joint commissioning"), Measure("change", "Change, points", POINTS)),
    lines=joint_lines,
    how_to_read=(
        "Share of all authorities that answered the Children's Trust questionnaire, with or without a joint strategy. "
        "The change is the difference of the rounded shares, in points.",
        *BASES,
    ),
)


def strategy_lines(figures):
    """T08: authorities with a joint commissioning strategy, of those that answered the question."""
    lines = []
    for collection in figures.collections:
        for area in figures.areas[collection]:
            for item in figures.items:
                value = _strategy_value(figures, collection, item, area)
                lines.append(line("T08", item, collection, figures, area, "joint_strategy", value))
    return lines


def _strategy_value(figures, collection, item, area):
    if collection not in item.asked_in:
        return not_asked(collection)
    amount = figures.amount(collection, "joint_strategy", "", area.code)
    if figures.level != "authority":
        return share(amount)
    return answer(amount.value, int(amount.base)) if amount.respondents else no_return()


STRATEGY = Table(
    code="T08",
    title="Joint commissioning strategy",
    subject="of authorities",
    questionnaire=CHILDRENS_TRUST,
    question="CTQE1",
    row_name="Answer",
    needs=("joint_strategy",),
    measures=(Measure("joint_strategy", "With a joint commissioning strategy"),),
    lines=strategy_lines,
    how_to_read=("Share of the authorities that answered the question.", *BASES),
)

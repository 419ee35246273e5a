"""Answers to the Children's Trust questionnaire, spread over authorities about as the exercise once published."""

from questionnaires.filling.draw import decimal, lot, some

# Percent of authorities by agency: on the Board in the first and the second year, and the levels among those on it:
# head of the organisation, senior officer, other. Rounded from the published table of 2008/09 and 2009/10;
# the rest is invented.
BOARD = {
    "b01": (100, 99, (37, 58, 5)), "b02": (99, 99, (73, 24, 3)), "b03": (97, 97, ()), "b04": (63, 91, (62, 31, 7)),
    "b05": (85, 89, (33, 59, 8)), "b06": (85, 82, (47, 51, 2)), "b07": (36, 69, (19, 77, 4)),
    "b08": (48, 58, (22, 72, 6)), "b09": (95, 95, (43, 55, 2)), "b10": (85, 85, (48, 43, 9)),
    "b11": (90, 92, (40, 45, 15)), "b12": (19, 22, (30, 50, 20)), "b13": (45, 48, (10, 40, 50)),
    "b14": (70, 72, (30, 60, 10)), "b15": (60, 61, (20, 70, 10)), "b16": (55, 59, (25, 65, 10)),
    "b17": (48, 49, (25, 65, 10)), "b18": (45, 49, (20, 70, 10)), "b19": (25, 27, (30, 40, 30)),
    "b20": (80, 81, (30, 60, 10)), "b21": (35, 38, (10, 80, 10)), "b22": (75, 77, (40, 55, 5)), "b23": (99, 99, ()),
    "b24": (80, 82, (60, 35, 5)), "b25": (0, 0, ()),
}  # fmt: skip
LEVELS = ("head", "senior", "other")
WHY_ENDED = (["cut"], ["contract"], ["reorganisation"], ["cut", "reorganisation"], ["results"])
# Percent of authorities with joint commissioning in the first and the second year.
JOINT = {
    "j01": (91, 84), "j02": (89, 82), "j03": (80, 81), "j04": (74, 74), "j05": (68, 66), "j06": (64, 57),
    "j07": (58, 50), "j08": (53, 49), "j09": (47, 46), "j10": (42, 42), "j11": (41, 36), "j12": (34, 34),
    "j13": (19, 22), "j14": (26, 16),
}  # fmt: skip
CHAIRS = (
    "director",
    "director",
    "lead_member",
    "lead_member",
    "lead_member",
    "chief_executive",
    "independent",
)
POSTS = ("commissioner", "public_health", "camhs", "disability", "workforce", "information")
PROCESSES = ("caf", "lead", "sharing", "index", "route", "training", "core", "buildings")
SERVICES = ("early_years", "youth", "disability", "camhs", "school_nursing", "substance", "family")


def trust_answers(questionnaire, year, partners, *names):
    """All answers of an authority, cell id to stored JSON; names: what it is drawn by.

    partners: codes of the organisations that it commissions with. An authority has a leaning that lasts: what it did
    in one year it likely does in the next.
    """
    turn = 0 if year <= 2008 else 1
    always = lot(*names)
    cells = {}
    for section in (_vision, _governance, _board, _needs, _delivery, _joint):
        cells.update({cell: {"v": value} for cell, value in section(questionnaire, year, turn, always)})
    commissioned = [row for row in JOINT if cells.get(f"CTQE2|{row}|joint") == {"v": "yes"}]
    for row in commissioned:
        if named := _partners(partners, lot(*names, row)):
            cells[f"CTQE2|{row}|partners"] = {"v": named}
    return cells


def _says_yes(share_percent, rng):
    return "yes" if rng.random() * 100 < share_percent else "no"


def _vision(questionnaire, year, turn, rng):
    yield "CTQA1", rng.choice(["board", "board", "other"])
    yield "CTQA3", "yes"
    yield (
        "CTQA4",
        some(["children", "young_people", "parents", "looked_after", "schools", "voluntary"], rng, most=5),
    )
    yield "CTQA5||url", "https://www.council.example/plan"
    yield "CTQA5||from", 2006
    yield "CTQA5||to", 2009 + rng.choice([0, 2])
    yield "CTQA6", f"{year}-0{rng.randint(3, 9)}-15"
    yield "CTQA7", rng.choice(["targets", "targets", "vision"])
    yield "CTQA8", rng.choice(["public", "board", "board"])


def _governance(questionnaire, year, turn, rng):
    yield "CTQB1", rng.choice(CHAIRS)
    yield "CTQB3", rng.choice([["children"], ["forum"], ["children", "parents"], ["no"]])
    yield "CTQB4", rng.randint(4, 9) + turn
    yield "CTQB5", decimal(rng.uniform(65, 95), "0.1")
    yield "CTQB6", rng.choice(["yes", "yes", "in_development"])
    yield "CTQB7", rng.choice(["pooled", "aligned", "aligned", "information", "no"])
    yield "CTQB8", rng.choice([["chair"], ["chair", "plan"], ["protocol"]])
    yield "CTQB9", rng.choice(["yes", "yes", "no"])
    for post in POSTS:
        yield f"CTQB10|{post}|wte", decimal(rng.choice([0, 0, 0.5, 1, 1, 2]))


def _board(questionnaire, year, turn, rng):
    """Every agency is drawn in every year, asked or not, so that the years are alike."""
    asked = {row.key for row in questionnaire.question("CTQB2").rows}
    for row, (*shares, levels) in BOARD.items():
        is_on = _says_yes(shares[turn], rng)
        level = rng.choices(LEVELS, levels)[0] if levels else None
        states_it = rng.random() < 0.96
        if row in asked:
            yield f"CTQB2|{row}|on", is_on
            if is_on == "yes" and level and states_it:
                yield f"CTQB2|{row}|level", level


def _needs(questionnaire, year, turn, rng):
    yield "CTQC1", "yes" if rng.random() < 0.9 else "no"
    yield "CTQC2", year - rng.choice([0, 0, 1])
    for number in range(1, 32):
        covered = rng.choices(["yes", "part", "no"], [60, 25, 15])[0]
        used = rng.random() < 0.6
        yield f"CTQC3|c{number:02}|covered", covered
        if covered != "no":
            yield f"CTQC3|c{number:02}|used", "yes" if used else "no"
    yield "CTQC4", rng.choice([["la", "pct"], ["pct", "public_health"], ["la", "pct", "university"]])
    yield "CTQC5", rng.choice([["survey"], ["group"], ["survey", "advisers"], ["no"]])
    yield "CTQC6", "Speech therapy and support for young carers were extended to two more areas."


def _delivery(questionnaire, year, turn, rng):
    for process in PROCESSES:
        yield f"CTQD1|{process}|extent", rng.choice(["all", "some", "some", "planned"])
    for service in SERVICES:
        yield f"CTQD2|{service}|extent", rng.choice(["integrated", "co_located", "separate", "separate"])
    yield "CTQD4", rng.choice(["yes", "in_development", "no"])
    yield "CTQD5", rng.choice(["yes", "in_development"])


def _joint(questionnaire, year, turn, rng):
    asked, ended = {row.key for row in questionnaire.question("CTQE2").rows}, []
    yield "CTQE1", _says_yes((77, 73)[turn], rng)
    for row, shares in JOINT.items():
        leaning, form = rng.random() * 100, rng.choice(["plan", "lead", "pooled", "aligned"])
        amount, effect = rng.randint(2, 40) * 25_000, rng.choice(["none", "process", "outcome"])
        if row not in asked:
            continue
        is_joint = leaning < shares[turn]
        if leaning < shares[0] and not is_joint:
            ended.append(row)
        yield f"CTQE2|{row}|joint", "yes" if is_joint else "no"
        if is_joint:
            yield f"CTQE2|{row}|form", form
            yield f"CTQE3|{row}|effect", effect
            if form == "pooled":
                yield f"CTQE2|{row}|pooled_amount", decimal(amount, "1")
    yield "CTQE4", rng.randint(1, 12)
    yield "CTQE5", rng.choice(["regularly", "sometimes", "no"])
    if turn:
        yield from _told_as_ended(ended, rng)


def _told_as_ended(rows, rng):
    """Rows of arrangements that ended, each with its reasons; some authorities forget one."""
    told = [row for row in rows if rng.random() < 0.75]
    for number, row in enumerate(told, start=1):
        yield f"CTQE6|r{number}|area", row
        yield f"CTQE6|r{number}|reason", rng.choice(WHY_ENDED)


def _partners(partners, rng):
    """Codes of those of the partners with whom an area is commissioned; none where the authority does not say."""
    return some(partners, rng, most=2) if partners and rng.random() < 0.8 else []

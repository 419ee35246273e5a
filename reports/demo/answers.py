"""Answers to the service questionnaire that go together: sections of it, each from what a service is and how large.

Every function takes a `Situation` and gives (cell id, stored value) pairs; what is not asked is dropped later.
"""

import math
from dataclasses import dataclass
from datetime import date
from random import Random

from mapping.returns.classification import Category
from questionnaires.definition import Questionnaire
from questionnaires.filling.draw import decimal, near, some, split
from questionnaires.filling.values import AGES
from questionnaires.queries import key_of
from reports.demo.figures import Figures
from reports.demo.places import Area
from reports.demo.services import Kind

# Category -> the kinds of place where such services work; others work from their base and in homes.
SETTINGS = {
    "01": ("hospital_op", "home"), "02": ("clinic", "home", "cc"), "03": ("school", "clinic"),
    "04": ("clinic", "hospital_op"), "07": ("hospital_ip", "hospital_op"), "08": ("school", "gp", "office"),
    "09": ("clinic", "home"),
    "10": ("hospital_ip",), "11": ("school", "community"), "12": ("youth", "community", "school"), "14": ("cc", "home"),
    "18": ("school", "office"), "19": ("school", "home"), "20": ("office", "home", "court"),
    "21": ("youth", "office", "school"),
    "22": ("youth", "community"), "25": ("home", "res", "office"),
}  # fmt: skip
# Questions whose answer says little about the others: what is likely, the more often named the likelier.
LIKELY = {
    "SVC-A20": (["no"], ["no"], ["evenings"], ["evenings", "weekends"]),
    "SVC-A21": (["interpreter", "wheelchair"], ["interpreter"], ["wheelchair", "loop"]),
    "SVC-A22": ("free", "free", "free", "some"),
    "SVC-B05": ("yes", "no"),
    "SVC-B06": ("all", "all", "all", "all", "girls"),
    "SVC-B10": ("preventive", "mixed", "remedial"),
    "SVC-B11": (["one_to_one"], ["one_to_one", "family"], ["family", "parents_group"], ["children_group"]),
    "SVC-C01": (
        ["any_professional"],
        ["self", "any_professional"],
        ["named"],
        ["panel"],
        ["drop_in", "self"],
    ),
    "SVC-C02": ("required", "accepted", "accepted", "not_used"),
    "SVC-C03": ("always", "sometimes", "sometimes", "never"),
    "SVC-C04": ("published", "published", "internal", "none"),
    "SVC-C11": ("no", "no", "above", "all"),
    "SVC-D04": ("free", "paid", "no", "no"),
    "SVC-D06": ("yes", "no"),
    "SVC-D07": (["health"], ["education", "early_years"], ["social", "health"], ["voluntary"]),
    "SVC-E10": ("weekly", "two_weeks", "four_weeks", "four_weeks"),
    "SVC-F20": (
        "system",
        "system",
        "system",
        "system",
        "system",
        "spreadsheet",
        "spreadsheet",
        "paper",
        "estimate",
    ),
    "SVC-G04": ("totals", "totals", "child", "no"),
    "SVC-G08": ("none", "none", "some"),
    "SVC-G09": ("finance", "finance", "manager", "nobody"),
    "SVC-H01": ("no", "no", "one_manager", "virtual"),
    "SVC-H02": ("often", "sometimes", "sometimes", "no"),
    "SVC-H04": (
        ["social", "health"],
        ["social", "education"],
        ["social", "health", "education", "police"],
        ["none"],
    ),
    "SVC-H06": (["own"], ["own", "upn"], ["own", "social"], ["own", "nhs"]),
    "SVC-H07": (["survey"], ["survey", "complaints"], ["group"], ["survey", "selection"], ["not_yet"]),
    "SVC-H08": (
        ["experience"],
        ["sdq", "goals"],
        ["sdq", "clinician"],
        ["education"],
        ["experience", "goals"],
    ),
    "SVC-H10": ("yes", "in_development", "no"),
    "SVC-Z01": ("Service manager", "Performance officer", "Team leader", "Information officer"),
}
GROUPS = (["none"], ["none"], ["none"], ["disabled"], ["looked_after"], ["excluded"], ["teenage_parents"])
GROUP_SHARES = {
    "social_care": 0.3, "protection_plan": 0.05, "looked_after": 0.08, "care_leaver": 0.03, "sen": 0.2, "caf": 0.15,
    "young_carer": 0.05, "offender": 0.06,
}  # fmt: skip
# Sources of the accepted referrals, waits in bands, ethnic groups: shares of the whole, in the order of the lists.
REFERRERS = (8, 8, 4, 4, 26, 4, 16, 4, 5, 5, 10, 1, 1, 3, 1)
WAITS = (46, 30, 11, 8, 4, 1)
ETHNIC_GROUPS = (80, 4, 7, 4, 1, 4)
PAY_PER_WTE = 33_000
DAYS_OPEN = ("mon", "tue", "wed", "thu", "fri")


@dataclass(frozen=True)
class Situation:
    """What the answers of one response are made of. last: last year's answers, cell to JSON.

    rng draws anew each year; habit draws the same every year, so it is asked equally often.
    """

    questionnaire: Questionnaire
    entry: object
    kind: Kind
    category: Category
    area: Area
    year: int
    figures: Figures
    last: dict
    rng: Random
    habit: Random
    payer: str

    @property
    def holds_cases(self):
        """Clubs and groups are for whoever comes."""
        return self.category.code != "22"

    @property
    def ages(self):
        return AGES[self.category.population]


def answers_of(situation):
    """All answers, cell id to stored JSON; questions that are not asked in this case among them."""
    sections = (
        _identity,
        _who_for,
        _access,
        _places,
        _workforce,
        _cases,
        _activity,
        _money,
        _quality,
        _completion,
    )
    cells = {cell: stored for section in sections for cell, stored in section(situation)}
    return {**_likely(situation), **cells}


def _likely(s):
    asked = s.questionnaire.questions
    return {code: _value(s.rng.choice(options)) for code, options in LIKELY.items() if code in asked}


def _value(value):
    return {"v": value}


def _table(question, numbers, column="n"):
    """The cells of one column of a table: row key -> number."""
    return [(f"{question}|{row}|{column}", _value(number)) for row, number in numbers.items()]


def _broken_down(s, question, total, weights, spread=0.3):
    """A breakdown that adds up to its total, over all rows of the question."""
    rows = [row.key for row in s.questionnaire.question(question).rows]
    return _table(question, dict(zip(rows, split(total, weights, s.rng, spread=spread), strict=True)))


# The sections


def _identity(s):
    domain = f"{s.entry.organisation.slug}.example"
    slug = "".join(letter for letter in s.kind.name.lower() if letter.isalnum())[:20]
    number = s.rng.randint(0, 999)
    help_given = s.category.options[s.kind.option].lower()
    yield "SVC-A03", _value([s.kind.option])
    yield (
        "SVC-A05",
        _value(
            f"{s.kind.name} works with children and families across {s.area.authority.name}. "
            f"It offers {help_given} and works with schools, health services and social care, "
            "to find the right help early."
        ),
    )
    yield "SVC-A14", _value(s.rng.choice(["Team manager", "Service manager", "Head of service"]))
    yield "SVC-A15", _value(f"{slug}.manager@{domain}")
    yield "SVC-A23", _value("no" if s.kind.hidden else "yes")
    yield "SVC-A16", _value(f"01632 960{number:03}")
    yield "SVC-A17", _value(f"{slug}@{domain}")
    yield "SVC-A18", _value(f"https://www.{domain}/{slug}")
    for day in DAYS_OPEN:
        yield f"SVC-A19|{day}|from", _value("09:00")
        yield f"SVC-A19|{day}|to", _value(s.rng.choice(["16:30", "17:00"]))


def _who_for(s):
    youngest, oldest = s.ages
    tiers = ["universal", "targeted", "specialist"]
    tier = s.category.tier if s.rng.random() < 0.93 else s.rng.choice(tiers)
    main, *others = s.category.outcomes
    yield "SVC-B01", _value(tier)
    yield "SVC-B03", _value(youngest)
    yield "SVC-B04", _value(oldest)
    yield "SVC-B07", _value(s.rng.choice(GROUPS))
    yield "SVC-B08", _value(main)
    if others:
        yield "SVC-B09", _value(others)


def _access(s):
    f = s.figures
    refused = f.referrals - f.accepted
    yield (
        "SVC-C05",
        _value("Families can ask themselves, or through a school, a health visitor or a social worker."),
    )
    yield "SVC-C06", _value("yes" if f.waiting else "no")
    yield "SVC-C07", _value(f.referrals)
    yield "SVC-C08", _value(f.accepted)
    yield from _broken_down(s, "SVC-C09", f.accepted, REFERRERS)
    if refused:
        yield from _broken_down(s, "SVC-C10", refused, (40, 30, 20, 8, 2))


def _places(s):
    settings = SETTINGS.get(s.category.code, ("office", "home"))
    base = s.rng.choice(s.area.places)
    yield "SVC-D01|r1|name", _value(f"{base} Centre")
    yield "SVC-D01|r1|address", _value(f"{s.rng.randint(1, 180)} High Street, {base}")
    yield "SVC-D01|r1|postcode", _value(f"{s.rng.choice(s.area.outcodes)} {s.rng.randint(1, 9)}ZZ")
    yield "SVC-D01|r1|setting", _value(settings[0])
    yield "SVC-D01|r1|days", _value("5.00")
    yield "SVC-D01|r1|show", _value("no" if s.kind.hidden else "yes")
    yield "SVC-D02", _value(list(settings))
    yield "SVC-D03", _value([s.area.code])


def _workforce(s):
    staff, total, vacant = _staff(s), 0, 0.0
    agency = s.habit.choice([0, 0, 0, 0.04, 0.07])
    for group, wte in staff.items():
        vacancy = round(wte * s.habit.choice([0, 0, 0, 0.1, 0.2]), 1)
        total, vacant = total + wte, vacant + vacancy
        yield f"SVC-E01|{group}|wte", _value(decimal(wte))
        yield f"SVC-E01|{group}|heads", _value(math.ceil(wte * s.rng.uniform(1.0, 1.3)))
        yield f"SVC-E01|{group}|vac", _value(decimal(vacancy))
    if s.kind.option == "26.01":
        yield "SVC-E01|sc_fc|heads", _value(s.figures.caseload)
    yield "SVC-E03", _value(decimal(total * agency * s.rng.uniform(0.9, 1.1)))
    yield "SVC-E04", _value(decimal(int(vacant * 5) / 10))
    yield "SVC-E05||left", _value(near(total * 0.14, s.rng, 0.4))
    yield "SVC-E05||joined", _value(near(total * 0.15, s.rng, 0.4))
    yield "SVC-E07", _value(decimal(s.rng.uniform(2, 8), "0.1") + "0")
    yield "SVC-E08", _value(decimal(s.rng.uniform(82, 100), "0.1"))
    yield "SVC-E09", _value(decimal(s.rng.uniform(97, 100), "0.1"))


def _staff(s):
    """Staff group -> WTE; those of last year stay, a larger team has a manager and administration."""
    known = [cell.split("|")[1] for cell in s.last if cell.startswith("SVC-E01|") and cell.endswith("|wte")]
    groups = known or _groups(s)
    weights = [1 / (place + 1) for place in range(len(groups))]
    tenths = split(max(len(groups) * 2, round(s.figures.wte * 10)), weights, s.rng, spread=0.1)
    return {group: max(1, part) / 10 for group, part in zip(groups, tenths, strict=True)}


def _groups(s):
    support = [key for key in ("mg_man", "mg_admin") if s.figures.wte > 6]
    own = [key for key in s.category.staff_groups if not key.startswith(("mg_", "sc_fc"))]
    first = own[0]
    return [first, *some(own[1:], s.rng, most=3 if s.figures.wte > 3 else 1), *support]


def _cases(s):
    """Children: the caseload and its breakdowns."""
    f = s.figures
    yield "SVC-F00", _value("yes" if s.holds_cases else "no")
    yield "SVC-F01", _value(f.caseload)
    yield "SVC-F02", _value(f.seen)
    yield "SVC-F03", _value(f.new)
    yield "SVC-F04", _value(f.closed)
    yield "SVC-F05", _value(f.waiting)
    if f.waiting:
        yield from _broken_down(s, "SVC-F06", f.waiting, WAITS)
    yield from _broken_down(s, "SVC-F07", f.new, WAITS)
    yield "SVC-F08||n", _value(near(f.caseload * 2.2, s.rng, 0.1) + f.closed)
    yield "SVC-F08||basis", _value(s.rng.choice(["counted", "counted", "estimated"]))
    yield from _broken_down(s, "SVC-F09", f.caseload, _age_weights(s), spread=0.1)
    yield from _broken_down(s, "SVC-F10", f.caseload, (54, 45, 1))
    yield from _broken_down(s, "SVC-F11", f.caseload, ETHNIC_GROUPS)
    yield "SVC-F12", _value(near(f.caseload * (0.9 if s.category.code == "17" else 0.09), s.rng, 0.1))
    for row, share in GROUP_SHARES.items():
        yield f"SVC-F13|{row}|n", _value(near(f.caseload * share, s.rng, 0.2))


def _age_weights(s):
    """The years of age that the service takes in each band of F09; nobody's age is unknown in a band of its own."""
    youngest, oldest = s.ages
    bands = [row.ages for row in s.questionnaire.question("SVC-F09").rows]
    return [max(0, min(band[1], oldest) - max(band[0], youngest) + 1) if band else 0 for band in bands]


def _activity(s):
    f = s.figures
    home, outside, unknown = split(f.caseload, (97, 1, 2), s.rng)
    yield "SVC-F14|r1|area", _value(s.area.code)
    yield "SVC-F14|r1|n", _value(home)
    yield "SVC-F14|outside|n", _value(outside)
    yield "SVC-F14|NK|n", _value(unknown)
    contacts = split(round(f.seen * s.rng.uniform(1.6, 2.6)), (50, 20, 15, 10, 5), s.rng)
    for row, offered in zip(
        ("one_to_one", "family", "group", "remote", "consultation"), contacts, strict=True
    ):
        missed = round(offered * s.rng.uniform(0.04, 0.14))
        yield f"SVC-F15|{row}|offered", _value(offered)
        yield f"SVC-F15|{row}|attended", _value(max(0, offered - missed - round(offered * 0.03)))
        yield f"SVC-F15|{row}|missed", _value(missed)
    yield from _broken_down(s, "SVC-F16", near(f.caseload * 1.4, s.rng), (60, 20, 12, 5, 3))
    yield from _broken_down(s, "SVC-F18", near(f.caseload * 0.05, s.rng), (40, 20, 30, 10))
    if f.closed:
        yield from _broken_down(s, "SVC-F19", f.closed, (15, 30, 30, 18, 5, 2))


def _money(s):
    provider = key_of(s.entry.provider) if s.entry.provider else ""
    pay = round(s.figures.wte * PAY_PER_WTE * s.rng.uniform(0.95, 1.05) * 1.025 ** (s.year - 2007), -2)
    yield from _payers(s, provider)
    yield "SVC-G03||date", _value(date(s.year + s.rng.choice([1, 2, 3]), 3, 31).isoformat())
    yield "SVC-G05", _value(decimal(pay, "1"))
    yield (
        "SVC-G06",
        _value(decimal(round(pay * s.habit.uniform(0.12, 0.2) * s.rng.uniform(0.94, 1.06), -2), "1")),
    )
    yield "SVC-G07", _value(decimal(round(pay * s.rng.uniform(1.04, 1.12), -2), "1"))


def _payers(s, provider):
    """Own provision, or others who pay; now and then two of them together."""
    shares = (80, 20) if s.rng.random() < 0.15 and s.payer != s.area.code else (100,)
    for place, share in enumerate(shares):
        row, payer = f"SVC-G01|r{place + 1}", (s.payer, s.area.code)[place]
        is_own = payer == provider
        yield f"{row}|payer", _value(payer)
        yield f"{row}|share", _value(decimal(share, "0.1"))
        yield f"{row}|model", _value("PM0" if is_own else s.rng.choice(["PM4", "PM5", "PM6"]))
        yield f"{row}|agreement", _value("none" if is_own else s.rng.choice(["sla", "contract"]))
    yield "SVC-G02", _value("no" if len(shares) == 1 else s.rng.choice(["joint", "aligned", "pooled"]))


def _quality(s):
    closed = near(s.figures.caseload * s.habit.uniform(1.2, 2.2), s.rng, 0.06)
    both = near(closed * s.habit.uniform(0.2, 0.6), s.rng, 0.05)
    improved = min(both, near(both * s.habit.uniform(0.5, 0.85), s.rng, 0.04))
    yield "SVC-H03", _value(near(s.figures.new * 1.5, s.rng))
    yield "SVC-H05||system", _value(s.rng.choice(["CareBase", "ChildView", "FamilyFile", "CaseNote"]))
    yield "SVC-H05||shared", _value(s.rng.choice(["shared", "own", "own"]))
    yield "SVC-H09||closed", _value(closed)
    yield "SVC-H09||both", _value(both)
    yield "SVC-H09||improved", _value(improved)


def _completion(s):
    yield "SVC-Z02", _value("yes")
    yield "SVC-Z04", _value(s.rng.randint(4, 18) * 5)

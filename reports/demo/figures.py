"""How large a service is in a year: children, staff and money that go together."""

from dataclasses import dataclass

from questionnaires.filling.draw import lot, near

# Category -> children on the caseload for each 1,000 under 18, and for each WTE in post.
SIZES = {
    "01": (8, 30), "02": (70, 180), "03": (60, 250), "04": (7, 60), "05": (3, 15), "06": (0.6, 5), "07": (3, 8),
    "08": (2.5, 20), "09": (5, 18), "10": (0.3, 4), "11": (2.2, 18), "12": (1.3, 15), "13": (1.8, 20), "14": (9, 60),
    "15": (2.2, 12), "16": (1.2, 25), "17": (2.4, 12), "18": (5, 35), "19": (0.8, 6), "20": (2, 14), "21": (6, 45),
    "22": (8, 60), "23": (4.5, 14), "24": (2, 14), "25": (2.6, 12), "26": (1.2, 10),
}  # fmt: skip
TREND = 0.03
MOST_STAFF = 60


@dataclass(frozen=True)
class Figures:
    """Children and WTE of a service in a collection; all of them non-negative, ``seen`` and so on as in section F."""

    caseload: int
    seen: int
    new: int
    closed: int
    waiting: int
    referrals: int
    accepted: int
    wte: float


def figures_of(category, children, year, *names):
    """The Figures of a service; names: what it is drawn by (seed, organisation, reference).

    A service keeps its size over the years but for a trend, noise, and now and then a jump.
    """
    always, now = lot(*names), lot(*names, year)
    share, cases_each = SIZES[category]
    own_trend = TREND + always.uniform(-0.05, 0.05)
    size = children / 1000 * share * always.uniform(0.5, 1.4) * (1 + own_trend) ** (year - 2007)
    if now.random() < 0.06:
        size *= now.uniform(1.3, 1.6)
    caseload = max(4, near(size, now, 0.06))
    new = near(caseload * always.uniform(0.06, 0.14), now)
    accepted = max(new, near(caseload * always.uniform(0.08, 0.15), now))
    closed = near(caseload * always.uniform(0.05, 0.12), now)
    return Figures(
        caseload=caseload,
        seen=min(caseload + closed, max(new, near(caseload * always.uniform(0.45, 0.85), now, 0.08))),
        new=new,
        closed=closed,
        waiting=near(caseload * always.uniform(0, 0.15), now),
        referrals=near(accepted * always.uniform(1.05, 1.35), now, 0.05) or accepted,
        accepted=accepted,
        wte=min(
            MOST_STAFF, max(1.0, caseload / cases_each * always.uniform(0.8, 1.2) * now.uniform(0.96, 1.04))
        ),
    )

"""Invented figures of three authorities: a full return, little data, and nothing signed off."""

import datetime
from dataclasses import replace
from decimal import Decimal

from reports.charts import Hexagon
from reports.profiles.figures import (
    ASKED_NOT,
    HELD_BACK,
    NO,
    NO_RETURN,
    NOT_ASKED,
    ONE_DECIMAL,
    PERCENT,
    WHOLE,
    YES,
    Activity,
    ActivityYear,
    Authority,
    Band,
    BoardRow,
    CategoryLine,
    Collection,
    Comparators,
    Compared,
    Expected,
    Funnel,
    Gap,
    JointRow,
    KeyFigure,
    Lacking,
    LocalAuthorityFigures,
    NeedsComponent,
    RateLine,
    ReturnLine,
    Service,
    ShareRow,
    Shares,
    Spread,
    StaffGroup,
    Status,
    Trust,
    Value,
    Workforce,
)

EXERCISE = "Children’s Services Mapping"
DEMONSTRATION = "The figures in this document are invented; they say nothing about any real organisation."


def v(number, flag=""):
    """A Value from a number or a mark."""
    return Value(mark=number) if isinstance(number, str) else Value(number, "", flag)


def compared(own, last_year, region, england):
    return Compared(v(own), v(last_year), v(region), v(england))


def hexagons():
    """Nine regions of nine cells, in a block of nine by nine."""
    names = (
        "North East",
        "North West",
        "Yorkshire and The Humber",
        "East Midlands",
        "West Midlands",
        "East of England",
        "London",
        "South East",
        "South West",
    )
    return tuple(
        Hexagon(
            f"X{index:02}{cell}",
            f"Place {index}-{cell}",
            index % 3 * 3 + cell % 3,
            8 - index // 3 * 3 - cell // 3,
            name,
        )
        for index, name in enumerate(names)
        for cell in range(9)
    )


CATEGORIES = (
    # code, name, group, last year, tiers, sectors, holding, caseload, seen, new, waiting
    (
        "08",
        "CAMHS tier 2 (targeted)",
        "Emotional and mental health",
        3,
        (0, 3, 0),
        (2, 1, 0, 0),
        3,
        214,
        171,
        32,
        28,
    ),
    (
        "11",
        "Emotional well-being",
        "Emotional and mental health",
        6,
        (1, 5, 1),
        (2, 1, 4, 0),
        6,
        186,
        149,
        41,
        22,
    ),
    (
        "12",
        "Drug, alcohol and health promotion",
        "Health improvement",
        5,
        (1, 3, 1),
        (1, 1, 3, 0),
        4,
        121,
        98,
        26,
        9,
    ),
    (
        "13",
        "Teenage pregnancy and sexual health",
        "Health improvement",
        5,
        (1, 4, 0),
        (2, 2, 1, 0),
        3,
        94,
        88,
        23,
        0,
    ),
    (
        "14",
        "Early years and children’s centres",
        "Early years, families and carers",
        17,
        (16, 4, 0),
        (12, 0, 5, 3),
        0,
        "N/A",
        "N/A",
        "N/A",
        "N/A",
    ),
    (
        "15",
        "Family support",
        "Early years, families and carers",
        14,
        (3, 10, 2),
        (7, 0, 8, 0),
        12,
        612,
        488,
        86,
        41,
    ),
    (
        "16",
        "Young carers",
        "Early years, families and carers",
        2,
        (0, 2, 0),
        (0, 0, 2, 0),
        2,
        73,
        52,
        6,
        "<5",
    ),
    (
        "17",
        "Disabled children’s services",
        "Disability and education support",
        13,
        (1, 3, 10),
        (8, 1, 4, 1),
        14,
        688,
        431,
        39,
        57,
    ),
    (
        "18",
        "Special educational need (SEN) support",
        "Disability and education support",
        11,
        (0, 3, 8),
        (9, 1, 0, 1),
        11,
        942,
        512,
        58,
        74,
    ),
    (
        "19",
        "Alternative educational provision",
        "Disability and education support",
        8,
        (0, 5, 2),
        (4, 1, 1, 1),
        6,
        203,
        198,
        21,
        "*",
    ),
    ("20", "Youth justice services", "Youth", 5, (0, 3, 2), (4, 1, 0, 0), 5, 177, 169, 44, 0),
    (
        "21",
        "Independent living, employment and transitions",
        "Youth",
        8,
        (2, 4, 2),
        (4, 1, 2, 1),
        7,
        418,
        296,
        52,
        18,
    ),
    (
        "22",
        "Youth work and positive activities",
        "Youth",
        11,
        (9, 3, 0),
        (7, 0, 5, 0),
        0,
        "N/A",
        "N/A",
        "N/A",
        "N/A",
    ),
    (
        "23",
        "Referral, assessment and social work for children in need",
        "Social care",
        5,
        (0, 0, 6),
        (6, 0, 0, 0),
        6,
        862,
        704,
        148,
        0,
    ),
    (
        "24",
        "Safeguarding and child protection",
        "Social care",
        4,
        (0, 0, 4),
        (4, 0, 0, 0),
        4,
        176,
        174,
        14,
        0,
    ),
    ("25", "Looked after children", "Social care", 8, (0, 0, 9), (4, 0, 1, 4), 9, 318, 311, 15, 0),
    (
        "26",
        "Fostering, adoption and permanence",
        "Social care",
        6,
        (0, 0, 6),
        (4, 0, 1, 1),
        6,
        120,
        96,
        7,
        12,
    ),
)


def categories():
    return tuple(
        CategoryLine(
            code,
            name,
            group,
            sum(tiers),
            v(before),
            (*tiers, 0),
            sectors,
            holding,
            v(caseload),
            v(seen),
            v(new),
            v(waiting),
        )
        for code, name, group, before, tiers, sectors, holding, caseload, seen, new, waiting in CATEGORIES
    )


def services():
    """One line a service, named after its category and a part of the borough."""
    tiers = ("Universal", "Targeted", "Specialist")
    providers = ("Trafford Council", "Another public body", "A voluntary organisation", "A private provider")
    places = ("North", "West", "Central", "South", "whole borough")
    found = []
    for code, name, _, _, by_tier, by_sector, *_ in CATEGORIES:
        levels = [tier for tier, count in zip(tiers, by_tier, strict=True) for _ in range(count)]
        runs = [provider for provider, count in zip(providers, by_sector, strict=True) for _ in range(count)]
        for index, (tier, provider) in enumerate(zip(levels, runs, strict=True)):
            place = places[index % len(places)]
            found.append(
                Service(
                    f"S{code}{index:02}",
                    f"{name}: {place} {index // 5 + 1}",
                    f"{code} {name}",
                    tier,
                    provider,
                    "0 to 4" if code == "14" else "5 to 18",
                )
            )
    return tuple(found)


def key_figures():
    return (
        KeyFigure(
            "P01",
            "Services mapped",
            "per 10,000 aged 0 to 17",
            ONE_DECIMAL,
            compared(Decimal("25.68"), Decimal("24.20"), Decimal("22.8"), Decimal("21.4")),
            139,
            "services",
            Spread(Decimal("9.6"), Decimal("19.1"), Decimal("23.4"), Decimal("38.4"), 131),
            consists_of="Three of the eight new ones are children’s centres.",
        ),
        KeyFigure(
            "W02",
            "Staff in post",
            "WTE per 100,000 aged 0 to 17",
            WHOLE,
            compared(1309, 1275, 1242, 1188),
            875,
            "workforce",
            Spread(702, 1080, 1290, 1884, 131),
        ),
        KeyFigure(
            "W04",
            "Vacancy rate",
            "% of funded posts",
            PERCENT,
            compared(Decimal("10.05"), Decimal("8.2"), 9, 9),
            788,
            "workforce",
            Spread(3, 7, 11, 19, 131),
            Funnel("share", 79, 788, 100, Decimal("9.1")),
            consists_of="Of the 79.2 vacant WTE 41.3 are in social care and family work.",
            question="Which of the vacant social care posts are held open, and which are being filled?",
        ),
        KeyFigure(
            "A06i",
            "Children on caseloads",
            "per 10,000 aged 0 to 17",
            WHOLE,
            compared(961, 921, 938, 903),
            5204,
            "activity",
            Spread(411, 830, 990, 1502, 131),
            Funnel("rate", 5204, 54137, 10_000, 948),
        ),
        KeyFigure(
            "A07i",
            "New cases",
            "per 10,000 aged 0 to 17",
            WHOLE,
            compared(113, 109, 111, 109),
            612,
            "activity",
            Spread(40, 92, 126, 203, 131),
            Funnel("rate", 612, 54137, 10_000, 109),
        ),
        KeyFigure(
            "A08i",
            "Seen within 13 weeks",
            "% of new cases, known waits",
            PERCENT,
            compared(Decimal("78.95"), Decimal("83.1"), 84, 85),
            589,
            "activity",
            Spread(64, 81, 89, 97, 131),
            Funnel("share", 465, 589, 100, 85),
            question="Which services make new cases wait longer than 13 weeks?",
        ),
    )


def staff(name, wte, people, vacant, before, now, rates):
    return StaffGroup(
        name, v(wte), v(people), v(vacant), v(before), v(now), compared(rates[0], "N/A", *rates[1:])
    )


def workforce():
    return Workforce(
        groups=(
            staff(
                "Social care and family",
                Decimal("262.9"),
                296,
                Decimal("41.3"),
                11,
                Decimal("13.6"),
                (Decimal("485.6"), 448, 431),
            ),
            staff(
                "Education and early years",
                Decimal("196.3"),
                268,
                Decimal("12.8"),
                5,
                6,
                (Decimal("362.6"), 332, 343),
            ),
            staff("Management and support", Decimal("100.4"), 121, Decimal("12.2"), 9, 11, (185, 193, 178)),
            staff("Youth and justice", Decimal("92.6"), 118, Decimal("7.1"), 8, 7, (171, 158, 150)),
            staff("Psychology and therapy", Decimal("41.7"), 52, Decimal("4.2"), 8, 9, (77, 84, 66)),
            staff("Nursing", Decimal("8.4"), 11, Decimal("0.6"), "*", "*", (16, 17, 12)),
            staff("Primary mental health workers", "*", "*", Decimal("1.0"), "NK", "*", ("*", 4, 5)),
            staff("Medical and dental", "<1", "<5", 0, "*", "*", ("*", 3, 3)),
        ),
        total=staff(
            "All staff groups",
            Decimal("708.9"),
            875,
            Decimal("79.2"),
            8,
            Decimal("10.05"),
            (1309, 1239, 1188),
        ),
        wte_last_year=v(Decimal("690.2")),
        agency_wte=compared(Decimal("29.1"), Decimal("24.0"), Decimal("26.4"), Decimal("21.8")),
        agency_share=compared(Decimal("4.1"), Decimal("3.5"), 4, 4),
        vacant_long=compared(Decimal("31.5"), Decimal("22.8"), Decimal("24.9"), Decimal("23.3")),
        answered=133,
        listed=139,
        without_figures="All six are children’s centres, which had 22.0 WTE last year.",
        question="Which of the 41.3 vacant posts in social care and family work are covered by agency staff?",
    )


def bands(names, own, before):
    return tuple(Band(name, v(count), v(past)) for name, count, past in zip(names, own, before, strict=True))


WAITS = ("up to 4 weeks", "over 4 to 13", "over 13 to 18", "over 18 to 26", "over 26 weeks")
AGES = ("under 1", "1 to 4", "5 to 9", "10 to 14", "15", "16 to 17", "18 and over")


def activity():
    return Activity(
        years=(
            ActivityYear("2006/07", v(5410), v(4280), v(655), v(322)),
            ActivityYear("2007/08", v(4990), v(3811), v(588), v(250), "consultations no longer counted"),
            ActivityYear("2008/09", v(5204), v(3937), v(612), v(271)),
        ),
        holding=98,
        answered=96,
        ages=bands(AGES, (104, 611, 1302, 1790, 512, 633, 121), (101, 590, 1255, 1700, 498, 610, 118)),
        ages_unknown=Band("not known", v(131), v(140)),
        age_shares=Shares(
            (
                Decimal("2.1"),
                Decimal("12.0"),
                Decimal("25.7"),
                Decimal("35.3"),
                Decimal("10.1"),
                Decimal("12.5"),
                Decimal("2.4"),
            ),
            (2, 13, 26, 34, 10, 12, 3),
            (2, 14, 26, 33, 10, 12, 3),
        ),
        new_waits=bands(WAITS, (216, 249, 71, 38, 15), (230, 238, 60, 31, 9)),
        new_waits_unknown=Band("not known", v(23), v(25)),
        new_wait_shares=Shares(
            (Decimal("36.7"), Decimal("42.3"), Decimal("12.1"), Decimal("6.5"), Decimal("2.5")),
            (Decimal("41.1"), 43, Decimal("9.0"), 5, Decimal("1.9")),
            (44, 41, 9, 4, 2),
        ),
        new_wait_unknown_shares=(Decimal("3.8"), 6, 7),
        waiting_waits=bands(WAITS, (88, 96, 41, 28, 11), (90, 88, 36, 20, 8)),
        waiting_waits_unknown=Band("not known", v(7), v(9)),
        rates=(
            RateLine("Caseload per 10,000 aged 0 to 17", WHOLE, Funnel("rate", 5204, 54137, 10_000, 948)),
            RateLine("New cases per 10,000 aged 0 to 17", WHOLE, Funnel("rate", 612, 54137, 10_000, 109)),
            RateLine("New cases seen within 13 weeks", PERCENT, Funnel("share", 465, 589, 100, 85)),
            RateLine("Posts vacant", PERCENT, Funnel("share", 79, 788, 100, Decimal("9.1"))),
            RateLine("Services run by voluntary bodies", PERCENT, Funnel("share", 37, 139, 100, 22)),
        ),
        question="Two services, for disability and special educational need, hold 131 of the 271 "
        "children waiting: "
        "what would shorten their wait?",
    )


BOARD = (
    ("Police", YES, "Senior officer", 100, 0, 40, 55, 5, 1),
    ("PCT commissioner", YES, "Head of organisation", 99, 0, 76, 23, 1, 2),
    ("School representation", ASKED_NOT, "", "N/A", "N/A", "N/A", "N/A", "N/A", "N/A"),
    ("Further Education and Sixth Form colleges", YES, "", 63, 1, 57, 36, 7, 2),
    ("Youth Offending Team", YES, "Senior officer", 85, 0, 27, 67, 7, 3),
    ("PCT provider", YES, "Senior officer", 85, 1, 56, 44, 0, 3),
    ("Jobcentre Plus", NO, "", 36, 2, 21, 71, 8, 2),
    ("Probation Board or Service", YES, "Other", 48, 1, 23, 71, 6, 0),
    ("Learning and Skills Council", YES, "Senior officer", 95, 1, 43, 55, 2, 4),
    ("Local Connexions Partnership", YES, "Head of organisation", 85, 0, 48, 43, 8, 3),
)
JOINT = (
    ("CAMHS", YES, YES, "pooled", "Trafford PCT", 91),
    ("Disability", YES, YES, "lead commissioner", "Trafford PCT", 89),
    ("Teenage pregnancy", ASKED_NOT, ASKED_NOT, "", "", "N/A"),
    ("Substance misuse", YES, YES, "joint plan", "Trafford PCT, police", 74),
    ("Youth offending", YES, NO, "", "", 68),
    ("Looked after children", NO, NO, "", "", 64),
    ("Complex and continuing care", NO, YES, "aligned", "Trafford PCT", 58),
    ("Family support", NO, NO, "", "", 53),
    ("Targeted youth support", YES, YES, "joint plan", "voluntary sector", 47),
    ("Healthy Child Programme", ASKED_NOT, ASKED_NOT, "", "", "N/A"),
    ("Public health/Inequalities", YES, YES, "joint plan", "Trafford PCT", 41),
    ("Breastfeeding", ASKED_NOT, ASKED_NOT, "", "", "N/A"),
    ("Maternity", NO, NO, "", "", 19),
    ("Palliative Care", NO, NO, "", "", 26),
)


def trust():
    return Trust(
        board=tuple(
            BoardRow(
                name, True, on, level, v(share if share == "N/A" else share - 2), v(share), *map(v, rest)
            )
            for name, on, level, share, *rest in BOARD
        ),
        chairs=(
            ShareRow("Elected Lead Member for Children", YES, v(58), v(56)),
            ShareRow("Director of Children’s Services", NO, v(33), v(32)),
            ShareRow("Another person", NO, v(8), v(12)),
        ),
        others=(
            ShareRow("Third sector", YES, v(100), v(100)),
            ShareRow("Children, young people and families", YES, v(50), v(51)),
            ShareRow("General practitioners", YES, v(33), v(36)),
            ShareRow("Private sector", NO, v(17), v(19)),
        ),
        strategy=ShareRow("Joint commissioning strategy", YES, v(75), v(77)),
        joint=tuple(
            JointRow(area, now, before, form, partners, v(share if share == "N/A" else share + 1), v(share))
            for area, before, now, form, partners, share in JOINT
        ),
        needs=ShareRow("Joint Strategic Needs Assessment", YES, v(92), v(93)),
        needs_year=2008,
        components=tuple(
            NeedsComponent(
                name,
                "part" if index % 5 == 3 else NO if index % 7 == 6 else YES,
                NO if index % 3 else YES,
                v(95 - index),
            )
            for index, name in enumerate(COMPONENTS)
        ),
        compared=74,
        compared_region=12,
        eligible=150,
        ended_reasons=(("Youth offending", "end of contract"),),
    )


COMPONENTS = (
    "Total child population and age profiles",
    "Ethnic profiles",
    "Children living in poverty",
    "Breastfeeding",
    "Sexual behaviour and teenage pregnancy",
    "Healthy weight and obesity",
    "Prevalence of diabetes",
    "Prevalence of cancer",
    "Prevalence of infectious diseases",
    "Private provision and use",
    "Voluntary provision and use",
    "Births, low birth weight and infant deaths",
    "Disability and complex needs",
    "Special educational needs",
    "Mental health and emotional well-being",
    "Looked after children and care leavers",
    "Children in need and protection plans",
    "Young carers",
    "Smoking, alcohol and drugs",
    "Accidents and injuries",
    "Dental health",
    "Immunisation",
    "Asthma, epilepsy and other long-term conditions",
    "Life-limiting conditions and palliative need",
    "Domestic violence and parental problems",
    "Offending and victims",
    "School attainment, attendance and exclusion",
    "Education, work and training at 16 to 19",
    "Housing and homelessness",
    "NHS and local authority provision and use",
    "Views of children, young people and families",
)


def full():
    """A final profile with everything in it, one partner missing, one arrangement ended."""
    return LocalAuthorityFigures(
        exercise=EXERCISE,
        authority=Authority("X011", "Trafford", "Trafford Council", "E12000002", "North West", 54137, 2015),
        collection=Collection("2008/09", "2007/08", datetime.date(2008, 11, 30), DEMONSTRATION),
        status=Status(
            datetime.date(2009, 5, 29),
            1,
            datetime.date(2009, 2, 24),
            "Corporate Director, Children and Young People",
        ),
        hexagons=hexagons(),
        returns=(
            ReturnLine(
                "Services, 139 listed", 139, 139, datetime.date(2009, 2, 24), "Complete; 12 figures not known"
            ),
            ReturnLine(
                "Children’s Trust questionnaire",
                1,
                1,
                datetime.date(2009, 2, 24),
                "Complete; 97% of questions answered",
            ),
        ),
        comparators=(
            Comparators("Services signed off", 19, 131, 150),
            Comparators("Children’s Trust questionnaire complete", 12, 74, 150),
        ),
        key_figures=key_figures(),
        categories=categories(),
        tier_shares=Shares((Decimal("24.5"), Decimal("37.4"), Decimal("38.1")), (27, 38, 35), (29, 38, 33)),
        sector_shares=Shares(
            (Decimal("57.6"), Decimal("7.2"), Decimal("26.6"), Decimal("8.6")),
            (61, 10, 23, 6),
            (63, 11, 22, 4),
        ),
        services=services(),
        workforce=workforce(),
        activity=activity(),
        trust=trust(),
        expected=(
            Expected("Trafford Council", "Signed off", "Nothing", "Nothing"),
            Expected("Trafford PCT", "Signed off", "Nothing", "Nothing"),
            Expected(
                "Trafford Healthcare NHS Trust",
                "No return",
                "Children’s therapies and community paediatrics: 6 services last year",
                "Nothing here. The Children’s Trust profile is without them: last year 41 WTE "
                "and 890 children",
            ),
            Expected("Voluntary providers invited: 9", "Signed off", "Nothing", "Nothing"),
        ),
        gaps=(Gap("4 Ethnic group", "not known", "not known for 14% of the children on caseloads"),),
        weaknesses=(
            "Caseloads of four services are estimates, not counts: 4% of all children on caseloads.",
            "Six children’s centres gave no figures on staff.",
        ),
    )


def provisional():
    """The same before closing: current answers, no release, a long name."""
    figures = full()
    return replace(
        figures,
        authority=replace(
            figures.authority, name="Bath and North East Somerset", region_name="Yorkshire and The Humber"
        ),
        status=Status(datetime.date(2009, 1, 15)),
    )


def little():
    """Six services, 385 children: counts and words, no rates, no charts."""
    figures = full()
    why = "a count: not compared by rate"
    return replace(
        figures,
        authority=Authority(
            "X080",
            "Isles of Scilly",
            "the Council of the Isles of Scilly",
            "E12000009",
            "South West",
            385,
            2015,
        ),
        key_figures=(
            KeyFigure(
                "P01", "Services mapped", "number", WHOLE, compared(6, 6, 94, 104), 6, "services", why_not=why
            ),
            KeyFigure(
                "W01",
                "Staff in post",
                "WTE",
                ONE_DECIMAL,
                compared(Decimal("7.4"), Decimal("7.1"), 612, Decimal("640.3")),
                9,
                "workforce",
                why_not=why,
            ),
            KeyFigure(
                "W04",
                "Vacancy rate",
                "% of funded posts",
                PERCENT,
                Compared(HELD_BACK, HELD_BACK, v(9), v(9)),
                8,
                "workforce",
                why_not="fewer than ten posts",
            ),
            KeyFigure(
                "A04i",
                "Children on caseloads",
                "number",
                WHOLE,
                compared(31, 28, 4410, 4702),
                31,
                "activity",
                why_not=why,
            ),
            KeyFigure(
                "A02i",
                "New cases",
                "number",
                WHOLE,
                compared("<5", "<5", 510, 540),
                4,
                "activity",
                why_not="one to four children",
            ),
            KeyFigure(
                "A08i",
                "Seen within 13 weeks",
                "% of new cases, known waits",
                PERCENT,
                Compared(HELD_BACK, HELD_BACK, v(84), v(85)),
                4,
                "activity",
                why_not="fewer than ten new cases",
            ),
        ),
        categories=(
            CategoryLine(
                "14",
                "Early years and children’s centres",
                "Early years, families and carers",
                2,
                v(2),
                (2, 0, 0, 0),
                (2, 0, 0, 0),
                0,
                NOT_ASKED,
                NOT_ASKED,
                NOT_ASKED,
                NOT_ASKED,
            ),
            CategoryLine(
                "15",
                "Family support",
                "Early years, families and carers",
                1,
                v(1),
                (0, 1, 0, 0),
                (1, 0, 0, 0),
                1,
                v(12),
                v(9),
                v("<5"),
                v(0),
            ),
            CategoryLine(
                "22",
                "Youth work and positive activities",
                "Youth",
                1,
                v(1),
                (1, 0, 0, 0),
                (0, 0, 1, 0),
                0,
                NOT_ASKED,
                NOT_ASKED,
                NOT_ASKED,
                NOT_ASKED,
            ),
            CategoryLine(
                "23",
                "Referral, assessment and social work for children in need",
                "Social care",
                2,
                v(2),
                (0, 0, 1, 1),
                (2, 0, 0, 0),
                2,
                v(19),
                v(14),
                v("*"),
                v(0),
            ),
        ),
        tier_shares=Shares(None, None, None),
        sector_shares=Shares(None, None, None),
        services=services()[:6],
        workforce=Workforce(
            groups=(
                staff("Social care and family", Decimal("5.2"), 6, 0, "*", "*", ("N/A", 448, 431)),
                staff("Education and early years", Decimal("2.2"), "<5", 0, "*", "*", ("N/A", 332, 343)),
            ),
            total=staff("All staff groups", Decimal("7.4"), 9, 0, "*", "*", ("N/A", 1239, 1188)),
            wte_last_year=v(Decimal("7.1")),
            agency_wte=compared(0, 0, Decimal("26.4"), Decimal("21.8")),
            agency_share=compared("*", "*", 4, 4),
            vacant_long=compared(0, 0, Decimal("24.9"), Decimal("23.3")),
            answered=6,
            listed=6,
        ),
        activity=Activity(
            years=(
                ActivityYear("2007/08", v(28), v(21), v("<5"), v(0)),
                ActivityYear("2008/09", v(31), v(23), v("<5"), v(0)),
            ),
            holding=3,
            answered=3,
            ages=bands(("0 to 9", "10 to 17"), ("*", "*"), ("*", "*")),
            ages_unknown=Band("not known", v(0), v(0)),
            age_shares=Shares(None, (41, 59), (42, 58)),
            new_waits=bands(WAITS, ("<5", 0, 0, 0, 0), ("<5", 0, 0, 0, 0)),
            new_waits_unknown=Band("not known", v(0), v(0)),
            new_wait_shares=Shares(None, (44, 41, 9, 4, 2), (44, 41, 9, 4, 2)),
            new_wait_unknown_shares=(None, 6, 7),
            waiting_waits=bands(WAITS, (0, 0, 0, 0, 0), (0, 0, 0, 0, 0)),
            waiting_waits_unknown=Band("not known", v(0), v(0)),
        ),
        trust=Lacking(
            "There are no answers about a Children’s Trust, because the islands have no Board of their own.",
            "Not asked: arrangements are shared with Cornwall.",
            "Who sits on the Board; joint commissioning; the needs assessment.",
            "Not that there is no cooperation.",
            "The mapping lead, by saying so in the questionnaire.",
        ),
        expected=(Expected("the Council of the Isles of Scilly", "Signed off", "Nothing", "Nothing"),),
        gaps=(
            Gap("4 Waiting times", "held back", "fewer than ten new cases"),
            Gap("5 Children’s Trust", "does not apply", "no Board: arrangements shared with Cornwall"),
        ),
        weaknesses=(),
        can_be_said=(
            "There is at least one service for early years, family support, youth work and social work.",
            "All six services answered every required question on staff and children.",
        ),
    )


def none():
    """Nothing signed off: every section keeps its page and says why."""
    figures = full()
    lacking = Lacking(
        "There are no figures on services, because the services part of the return was not signed off.",
        "Submitted on 20 February 2009, sent back on 3 March, not signed off.",
        "Services by category, tier and provider; staff; children; each against other authorities.",
        "Not that there are no services. The authority is “no return” in the tables of England, never zero.",
        "The director, by signing off; the mapping lead, by asking the helpdesk to reopen the part.",
        (("Services", v(131), NO_RETURN), ("Staff in post, WTE", v(690), NO_RETURN)),
    )
    return replace(
        figures,
        key_figures=tuple(
            replace(
                k, figures=replace(k.figures, own=NO_RETURN), why_not="services part not signed off", people=0
            )
            for k in figures.key_figures
        ),
        status=Status(datetime.date(2009, 5, 29), 1),
        returns=(
            ReturnLine("Services, 139 listed", 139, 60, None, "Sent back on 3 March 2009"),
            ReturnLine("Children’s Trust questionnaire", 1, 0, None, "Not started"),
        ),
        categories=lacking,
        tier_shares=Shares(None, None, None),
        sector_shares=Shares(None, None, None),
        services=(),
        workforce=replace(
            lacking, lead="There are no figures on staff, because the services part was not signed off."
        ),
        activity=replace(
            lacking, lead="There are no figures on children, because the services part was not signed off."
        ),
        trust=replace(
            lacking, lead="There are no answers about the Children’s Trust: nobody has signed them off."
        ),
        expected=(
            Expected(
                "Trafford Council", "No return", "Services and Children’s Trust answers", "Sections 2 to 5"
            ),
        ),
        weaknesses=(),
    )


def first_year():
    """The first collection: no last year, no population, no region to compare with, no partner expected."""
    figures = full()
    alone = {"last_year": NOT_ASKED, "region": NOT_ASKED}
    activity = replace(figures.activity, years=figures.activity.years[-1:], question="", rates=())
    return replace(
        figures,
        authority=replace(figures.authority, under_18s=None),
        collection=replace(figures.collection, last_year="", demonstration=""),
        comparators=(replace(figures.comparators[0], region=0),),
        key_figures=tuple(
            replace(key_figure, figures=replace(key_figure.figures, **alone), spread=None, funnel=None)
            for key_figure in figures.key_figures
        ),
        categories=tuple(replace(line, services_last_year=NOT_ASKED) for line in figures.categories),
        workforce=replace(figures.workforce, wte_last_year=NOT_ASKED, question=""),
        activity=activity,
        trust=replace(
            figures.trust, chairs=(), others=(), components=(), needs_year=None, compared=0, eligible=0
        ),
        expected=(),
        weaknesses=(),
        gaps=(),
    )

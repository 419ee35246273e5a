"""Every rule of the service questionnaire: answers that pass and answers that fail."""

from datetime import date

import pytest

from mapping.returns.classification import classification
from questionnaires.evaluation import Context, Peer, evaluate
from tests.unit.questionnaires.helpers import cells, rules_of, service

CATEGORIES = classification().categories
STAFFED = {"is_zero_cost": False}
OPEN = {"name": "Team", "provider": "RXX", "category": "08", "status": "open", "is_zero_cost": False}
F = {"F00": "yes"}
E = {"entry": STAFFED}


def breakdown(question, **parts):
    return {f"{question}|{row}|n": value for row, value in parts.items()}


def staff(row, **columns):
    return {f"E01|{row}|{column}": value for column, value in columns.items()}


def ages(**parts):
    zeros = dict.fromkeys(["a0", "a1_4", "a5_9", "a10_14", "a15", "a16_17", "a18_24", "aNK"], 0)
    return breakdown("F09", **(zeros | parts))


# rule, answers that pass, answers that fail, context of both
CASES = [
    ("A-S3", {"A05": "We help families with young children to settle in."}, {"A05": "We help."}, {}),
    (
        "A-S3",
        {"A05": "We help families with young children to settle in."},
        {"A05": "We help families with young children, call us on 0161 496 0000."},
        {},
    ),
    ("A-H8", {"A20": ["evenings", "weekends"]}, {"A20": ["evenings", "no"]}, {}),
    ("A-S4", {"A03": ["15.06"], "A23": "no"}, {"A03": ["15.06"], "A23": "yes"}, {}),
    (
        "GH5",
        {"A23": "yes", "A19|mon|from": "09:00", "A19|mon|to": "17:00"},
        {"A23": "yes", "A19|mon|from": "17:00", "A19|mon|to": "09:00"},
        {},
    ),
    ("A21-none", {"A23": "yes", "A21": ["none"]}, {"A23": "yes", "A21": ["loop", "none"]}, {}),
    ("B-S1", {"B01": "targeted"}, {"B01": "universal"}, {"category": CATEGORIES["08"]}),
    (
        "B-H1",
        {"B02|universal|share": "60.0", "B02|targeted|share": "40.0"},
        {"B02|universal|share": "60.0", "B02|targeted|share": "30.0"},
        {},
    ),
    (
        "B-H1",
        {"B01": "universal", "B02|universal|share": "60.0", "B02|targeted|share": "40.0"},
        {"B01": "targeted", "B02|universal|share": "60.0", "B02|targeted|share": "40.0"},
        {},
    ),
    ("B-H2", {"B03": 5, "B04": 5}, {"B03": 6, "B04": 5}, {}),
    ("B-H3", {"B07": ["none"]}, {"B07": ["none", "sen"]}, {}),
    ("B-S2", {"B08": "ECM1"}, {"B08": "ECM5"}, {"category": CATEGORIES["01"]}),
    ("B-H4", {"B08": "ECM1", "B09": ["ECM2"]}, {"B08": "ECM1", "B09": ["ECM1", "ECM2"]}, {}),
    ("C-S1", F | {"C07": 30, "F01": 100}, F | {"C07": 31, "F01": 100}, {}),
    ("C-H1", {"C07": 10, "C08": 10}, {"C07": 10, "C08": 11}, {}),
    (
        "GH3",
        {"C07": 5, "C08": 2} | breakdown("C09", gp=2),
        {"C07": 5, "C08": 2} | breakdown("C09", gp=3),
        {},
    ),
    (
        "GS3",
        {"C07": 10, "C08": 10} | breakdown("C09", gp=8, NK=2),
        {"C07": 10, "C08": 10} | breakdown("C09", gp=7, NK=3),
        {},
    ),
    (
        "C-H2",
        {"C07": 5, "C08": 2} | breakdown("C10", advice=3),
        {"C07": 5, "C08": 2} | breakdown("C10", advice=2),
        {},
    ),
    (
        "D-H1",
        {"D01|r1|postcode": "M32 0TH"},
        {"D01|r1|postcode": "ZZ9 9ZZ"},
        {"outcodes": {"M32": ["E08000009"]}},
    ),
    (
        "D-H1",
        {"A23": "no", "D01|r1|postcode": "ZZ9 9ZZ", "D01|r1|show": "no"},
        {"A23": "yes", "D01|r1|postcode": "ZZ9 9ZZ", "D01|r1|show": "no"},
        {"outcodes": {"M32": ["E08000009"]}},
    ),
    ("D-H3", {"D01|r1|setting": "gp", "D02": ["gp"]}, {"D01|r1|setting": "gp", "D02": ["home"]}, {}),
    (
        "D-S1",
        {"D01|r1|postcode": "M32 0TH", "D03": ["E08000009"]},
        {"D01|r1|postcode": "M32 0TH", "D03": ["E08000001"]},
        {"outcodes": {"M32": ["E08000009"]}},
    ),
    ("E-H1", staff("nu_hv", wte="0.50", heads=1), staff("nu_hv", wte="0.50", heads=0), E),
    ("E-H2", staff("nu_hv", wte="1.10", heads=1), staff("nu_hv", wte="1.11", heads=1), E),
    ("E-H3", staff("nu_hv", wte="1.00", sec="1.00"), staff("nu_hv", wte="1.00", sec="1.01"), E),
    (
        "E-H5",
        staff("nu_hv", wte="1.00") | {"E03": "1.00"},
        staff("nu_hv", wte="1.00") | {"E03": "1.01"},
        E,
    ),
    (
        "E-H6",
        staff("nu_hv", vac="1.00") | staff("nu_sn", vac="1.00") | {"E04": "2.00"},
        staff("nu_hv", vac="1.00") | staff("nu_sn", vac="1.00") | {"E04": "2.01"},
        E,
    ),
    (
        "E-S1",
        staff("nu_hv", wte="25.00"),
        staff("nu_hv", wte="26.00"),
        E | {"last_year": cells(staff("nu_hv", wte="20.00"))},
    ),
    (
        "E-S2",
        F | staff("nu_hv", wte="0.00") | {"F01": 0},
        F | staff("nu_hv", wte="0.00") | {"F01": 1},
        E,
    ),
    ("E-S3", staff("nu_hv", wte="50.00"), staff("nu_hv", wte="50.01"), E),
    ("E-S4", staff("nu_hv", wte="7.00", vac="3.00"), staff("nu_hv", wte="6.90", vac="3.10"), E),
    (
        "E-S5",
        staff("nu_hv", wte="10.00") | staff("mg_man", wte="1.00"),
        staff("nu_hv", wte="10.00") | staff("nu_sn", wte="1.00"),
        E,
    ),
    ("E-S6", {"E07": "20.00"}, {"E07": "20.01"}, {}),
    ("E-S7", {"E09": "95.0"}, {"E09": "94.9"}, {}),
    ("F-S1", F | {"F01": 125}, F | {"F01": 126}, {"last_year": cells({"F01": 100})}),
    ("F-S2", F | {"F01": 100, "F02": 20}, F | {"F01": 100, "F02": 19}, {}),
    ("F-S3", F | {"F01": 10, "F05": 10}, F | {"F01": 10, "F05": 11}, {}),
    ("F-S4", F | {"F02": 10, "F08||n": 10}, F | {"F02": 10, "F08||n": 9}, {}),
    ("F-H1", F | {"F01": 10, "F04": 2, "F02": 12}, F | {"F01": 10, "F04": 2, "F02": 13}, {}),
    ("F-H2", F | {"F02": 46, "F03": 46}, F | {"F02": 46, "F03": 61}, {}),
    ("GH3", F | {"F01": 10} | ages(a5_9=10), F | {"F01": 10} | ages(a5_9=9), {}),
    ("GH3", F | {"F05": 2} | breakdown("F06", w1=2), F | {"F05": 2} | breakdown("F06", w1=1), {}),
    ("GH3", F | {"F03": 2} | breakdown("F07", w1=2), F | {"F03": 2} | breakdown("F07", w1=1), {}),
    ("GH3", F | {"F01": 2} | breakdown("F10", male=2), F | {"F01": 2} | breakdown("F10", male=1), {}),
    ("GH3", F | {"F01": 2} | breakdown("F11", W=2), F | {"F01": 2} | breakdown("F11", W=3), {}),
    ("GH3", F | {"F04": 2} | breakdown("F19", l4=2), F | {"F04": 2} | breakdown("F19", l4=3), {}),
    (
        "F-S5",
        F | {"B03": 5, "B04": 11, "F01": 4} | ages(a5_9=4),
        F | {"B03": 5, "B04": 11, "F01": 4} | ages(a15=4),
        {},
    ),
    ("GH4", F | {"F01": 10, "F12": 10}, F | {"F01": 10, "F12": 11}, {}),
    (
        "GH4",
        F | {"F01": 10} | breakdown("F13", caf=10),
        F | {"F01": 10} | breakdown("F13", caf=11),
        {},
    ),
    (
        "F-S6",
        F | {"F01": 10} | breakdown("F13", looked_after=6),
        F | {"F01": 10} | breakdown("F13", looked_after=7),
        {},
    ),
    (
        "F-S6",
        F | {"B07": ["looked_after"], "F01": 10} | breakdown("F13", looked_after=7),
        F | {"B07": ["sen"], "F01": 10} | breakdown("F13", looked_after=7),
        {},
    ),
    (
        "GH3",
        F | {"F01": 5, "F14|r1|area": "E1", "F14|r1|n": 3, "F14|NK|n": 2},
        F | {"F01": 5, "F14|r1|area": "E1", "F14|r1|n": 3, "F14|NK|n": 1},
        {},
    ),
    (
        "F-S7",
        F | {"D03": ["E1"], "F14|r1|area": "E1", "F14|r1|n": 3, "F14|r2|area": "E2", "F14|r2|n": 1},
        F | {"D03": ["E1"], "F14|r1|area": "E1", "F14|r1|n": 5, "F14|r2|area": "E2", "F14|r2|n": 2},
        {},
    ),
    (
        "F-H3",
        F | {"F15|family|offered": 5, "F15|family|attended": 3, "F15|family|missed": 2},
        F | {"F15|family|offered": 5, "F15|family|attended": 3, "F15|family|missed": 3},
        {},
    ),
    (
        "F-S8",
        {"F17|r1|sessions": 10, "F17|r1|hours": "1.00", "F17|r1|children": 40},
        {"F17|r1|sessions": 10, "F17|r1|hours": "1.00", "F17|r1|children": 41},
        {},
    ),
    ("F-S9", {"F20": "system"}, {"F20": "estimate"}, {"last_year": cells({"F20": "estimate"})}),
    (
        "G-H1",
        {"G01|r1|share": "60.0", "G01|r2|share": "40.0"},
        {"G01|r1|share": "60.0", "G01|r2|share": "40.1"},
        E,
    ),
    (
        "G-H2",
        {"G01|r1|payer": "RXX", "G01|r1|model": "PM0"},
        {"G01|r1|payer": "5AA", "G01|r1|model": "PM0"},
        {"entry": OPEN},
    ),
    (
        "G-S1",
        {"G01|r1|payer": "RXX", "G01|r2|payer": "5AA", "G02": "joint"},
        {"G01|r1|payer": "RXX", "G01|r2|payer": "5AA", "G02": "no"},
        E,
    ),
    (
        "G-S2",
        staff("nu_hv", wte="2.00") | {"G05": "240000"},
        staff("nu_hv", wte="2.00") | {"G05": "240001"},
        E,
    ),
    (
        "G-S2",
        staff("nu_hv", wte="2.00") | {"G05": "24000"},
        staff("nu_hv", wte="2.00") | {"G05": "23999"},
        E,
    ),
    (
        "G-S3",
        {"G07": "125000"},
        {"G07": "125001"},
        E | {"last_year": cells({"G05": "80000", "G06": "20000"})},
    ),
    ("H-H1", {"H04": ["health"]}, {"H04": ["health", "none"]}, {}),
    ("H06-none", {"H06": ["own"]}, {"H06": ["own", "none"]}, {}),
    ("H07-none", {"H07": ["board"]}, {"H07": ["board", "not_yet"]}, {}),
    ("H08-none", {"H08": ["sdq"]}, {"H08": ["sdq", "none"]}, {}),
    ("H-S1", {"H08": ["sdq"]}, {"H08": ["none"]}, {"category": CATEGORIES["09"]}),
    (
        "H-H2",
        {"H09||closed": 5, "H09||both": 4, "H09||improved": 4},
        {"H09||closed": 5, "H09||both": 4, "H09||improved": 5},
        {},
    ),
    ("GH5", {"H11|r1|date": "2010-01-14"}, {"H11|r1|date": "2010-01-15"}, {"today": date(2010, 1, 14)}),
    ("Z02", {"Z02": "yes"}, {"Z02": "no"}, {}),
    ("GS1", F | {"F02": 94}, F | {"F02": 94 + 32}, {"last_year": cells({"F02": 100})}),
    ("GS2", F | {"F03": 1}, F | {"F03": 0}, {"last_year": cells({"F03": 4})}),
    ("GS2", F | {"F03": 0}, F | {"F03": 3}, {"last_year": cells({"F03": 0})}),
    ("GS5", F | {"F03": 4}, F | {"F03": "NK!"}, {"last_year": cells({"F03": 4})}),
    ("GS6", F | {"F01": 90}, F | {"F01": 91}, {"percentiles": {"SVC-F01": (2, 90)}}),
    ("GS6", F | {"F01": 2}, F | {"F01": 1}, {"percentiles": {"SVC-F01": (2, 90)}}),
    (
        "GS4",
        F | {"F01": 10, "F02": 9, "F03": 2},
        F | {"F01": 10, "F02": 9, "F03": 1},
        {"last_year": cells({"F01": 10, "F02": 9, "F03": 1})},
    ),
]


@pytest.mark.parametrize(("rule", "passing", "failing", "context"), CASES, ids=[case[0] for case in CASES])
def test_rule_tells_answers_that_fail_from_answers_that_pass(rule, passing, failing, context):
    assert rule not in rules_of(service(), cells(passing), **context)
    assert rule in rules_of(service(), cells(failing), **context)


def entry(**changes):
    return {"entry": OPEN | changes}


# rules about what the service entry keeps: rule, context that passes, context that fails
ENTRY_CASES = [
    (
        "A-H1",
        entry() | {"peers": (Peer("2", "Other", "RXX"),)},
        entry() | {"peers": (Peer("2", "Team", "RXX"),)},
    ),
    (
        "A-S1",
        entry() | {"peers": (Peer("2", "Teem 1", "RXX"),)},
        entry() | {"peers": (Peer("2", "TE AM", "RXX"),)},
    ),
    (
        "A-S1",
        entry() | {"peers": (Peer("2", "Teams", "5AA"),)},
        entry() | {"peers": (Peer("2", "Teams", "RXX"),)},
    ),
    (
        "A-H2",
        entry() | {"category": CATEGORIES["01"], "organisation_types": frozenset({"NHST"})},
        entry() | {"category": CATEGORIES["01"], "organisation_types": frozenset({"LA"})},
    ),
    (
        "A-S2",
        entry() | {"last_year": cells({"A02": "08"})},
        entry() | {"last_year": cells({"A02": "09"})},
    ),
    ("A-H4", entry(sector="nhs", provider_sector="nhs"), entry(sector="private", provider_sector="nhs")),
    (
        "A-H7",
        entry(status="merged", merged_into="2") | {"peers": (Peer("2", "Open", "RXX"),)},
        entry(status="merged", merged_into="2") | {"peers": (Peer("2", "Gone", "RXX", is_open=False),)},
    ),
    (
        "GH5",
        entry(status="opened", status_date=date(2010, 1, 14)) | {"today": date(2010, 1, 14)},
        entry(status="opened", status_date="2010-01-15") | {"today": date(2010, 1, 14)},
    ),
]


@pytest.mark.parametrize(("rule", "passing", "failing"), ENTRY_CASES, ids=[case[0] for case in ENTRY_CASES])
def test_rule_about_the_entry_tells_failing_from_passing(rule, passing, failing):
    assert rule not in rules_of(service(), {}, **passing)
    assert rule in rules_of(service(), {}, **failing)


def test_old_text_is_pointed_out_after_more_than_two_collections():
    answers = cells({"A14": "Team leader"})

    assert "GS7" not in rules_of(service(), answers, carried_years={"SVC-A14": 2})
    assert "GS7" in rules_of(service(), answers, carried_years={"SVC-A14": 3})


@pytest.mark.parametrize(
    ("answers", "context"),
    [
        (F | {"F02": "NK!", "F03": 61}, {}),
        (F | {"F03": 61}, {}),
        ({"B03": 6, "B04": "NA!"}, {}),
        (F | {"F01": 10} | ages(a5_9=4, aNK="NK!"), {}),
        (staff("nu_hv", wte="1.00") | staff("nu_sn", wte="NK!") | {"E03": "9.00"}, E),
        ({"G07": "125001"}, E | {"last_year": cells({"G05": "80000"})}),
    ],
)
def test_rule_over_a_blank_or_special_figure_is_not_checked(answers, context):
    assert rules_of(service(), cells(answers), **context) == set()


def test_breakdown_that_was_started_is_checked_although_blanks_are_left():
    answers = cells(F | {"F01": 10, "F09|a5_9|n": 4})

    evaluation = evaluate(service(), answers, Context(year="2009/10"))

    (problem,) = [problem for problem in evaluation.problems if problem.rule == "GH3"]
    assert problem.message == "These add up to 4, 6 too few for the 10 children on the caseload (F01)."
    assert "SVC-F09|a0|n" in evaluation.missing


@pytest.mark.parametrize(
    ("answers", "context", "where", "message"),
    [
        (
            F | {"F02": 46, "F03": 61},
            {},
            "",
            "61 new cases are more than the 46 children seen (F02). Correct one of the two.",
        ),
        (
            staff("th_fam", wte="1.60", heads=1),
            E,
            "Family therapist",
            "1.60 WTE is too much for 1 person: one person counts as 1.10 at most. "
            "Correct the WTE or the number of people.",
        ),
        (
            F | {"F03": 38},
            {"last_year": cells({"F03": 24})},
            "",
            "14 more than last year (up 58%). If it is right, tell readers why in a few words.",
        ),
    ],
)
def test_messages_say_what_is_wrong_and_what_to_do(answers, context, where, message):
    evaluation = evaluate(service(), cells(answers), Context(year="2009/10", **context))

    found = [
        (problem.where, problem.message) for problem in evaluation.problems if problem.rule != "EXPECTED"
    ]
    assert found == [(where, message)]

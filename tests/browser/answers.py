"""Answers of a made-up service and a made-up Children's Trust: name of a field -> what somebody types or ticks."""

AGENCIES = [f"b{number:02}" for number in (*range(1, 9), *range(11, 20), *range(21, 26))]
PROCESSES = ["caf", "lead", "sharing", "index", "route", "training", "core", "buildings"]
AREAS_OF_COMMISSIONING = [f"j{number:02}" for number in range(1, 15)]
PROBLEMS = ["psych", "dsh", "subs", "habit", "asd", "dev", "attach", "gender", "none", "other", "NK"]

# A team of tier 2 CAMHS (category 08).
SERVICE = {
    "SVC-A03": ["08.01"],
    "SVC-A05": "Short help for young people who feel low or worried, and for their families.",
    "SVC-A14": "Team manager",
    "SVC-A23": "yes",
    "SVC-B01": "targeted",
    "SVC-B03": "5",
    "SVC-B04": "17",
    "SVC-B08": "ECM1",
    "SVC-C01": ["self", "any_professional"],
    "SVC-D01|r1|name": "The Lodge",
    "SVC-D01|r1|address": "1 Station Road, Sale",
    "SVC-D01|r1|postcode": "M33 7ZF",
    "SVC-D02": ["home", "school"],
    "SVC-D03": "Trafford",
    "SVC-E01|ps_clin|wte": "2.5",
    "SVC-E01|ps_clin|heads": "3",
    "SVC-E01|ps_clin|vac": "0",
    "SVC-F00": "yes",
    "SVC-F01": "48",
    "SVC-G01|r1|payer": "Trafford Metropolitan Borough Council",
    "SVC-G01|r1|share": "100",
    "SVC-G01|r1|model": "PM0",
    "SVC-G02": "no",
    "CAM01": "generic_single",
    "CAM02": ["T2"],
    "CAM04|hyper|n": "12",
    "CAM04|emot|n": "20",
    "CAM04|cond|n": "11",
    "CAM04|eat|n": "5",
    **{f"CAM04|{problem}|n": "0" for problem in PROBLEMS},
    "CAM12": "office",
    "CAM13": "yes",
    "SVC-Z01": "Team manager",
    "SVC-Z02": "yes",
}

TRUST = {
    "CTQA1": "board",
    "CTQA3": "yes",
    "CTQA4": ["children", "parents"],
    "CTQB1": "director",
    **{f"CTQB2|{agency}|on": "yes" for agency in AGENCIES},
    "CTQB2|b25|name": "Young carers' forum",
    "CTQB3": ["children"],
    "CTQB6": "yes",
    "CTQB7": "aligned",
    "CTQC1": "no",
    **{f"CTQD1|{process}|extent": "some" for process in PROCESSES},
    "CTQE1": "yes",
    **{f"CTQE2|{area}|joint": "no" for area in AREAS_OF_COMMISSIONING},
}

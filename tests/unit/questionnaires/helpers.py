"""How the tests of the engine write answers: short codes, plain values."""

import functools

from questionnaires.definition import build, load
from questionnaires.evaluation import Context, evaluate
from questionnaires.integrity import read_with, unnamed_modules
from questionnaires.sources import FOLDER

YEAR = "2009/10"


def service(year=YEAR):
    return load(FOLDER / "service.yaml", year)


def trust(year=YEAR):
    return load(FOLDER / "childrens_trust.yaml", year)


def cells(answers, prefix="SVC-"):
    """Stored cells of {"F01": 10, "E01|nu_hv|wte": "1.00", "B01": "NK!"}; "NK!" is the special answer."""
    return {
        prefix + key: {"s": value[:-1]} if isinstance(value, str) and value.endswith("!") else {"v": value}
        for key, value in answers.items()
    }


def rules_of(questionnaire, answers, **context):
    """The ids of the problems that some answers have, the merely expected left out."""
    evaluation = evaluate(questionnaire, answers, Context(year=questionnaire.year, **context))
    return {problem.rule for problem in evaluation.problems} - {"EXPECTED"}


def small(*questions, relaxed=None):
    """A questionnaire of one section, made for one test."""
    return made_of({"key": "A", "title": "A", "questions": list(questions)}, relaxed=relaxed)


def made_of(*sections, relaxed=None):
    """A questionnaire of some sections, made for one test."""
    source = {
        "key": "small",
        "code": "T",
        "title": "Small",
        "part": "services",
        "respondents": ["LA"],
        "sections": list(sections),
    }
    return build(source | ({"relaxed": relaxed} if relaxed else {}), YEAR)


def number(key, **more):
    return {"key": key, "label": key, "type": "whole_number", **more}


def choice(key, *options, **more):
    return {"key": key, "label": key, "type": "one", "options": {name: name for name in options}, **more}


@functools.cache
def any_questionnaire(key):
    """A questionnaire of the project as YEAR asks it, with the modules that no questionnaire names yet."""
    path = FOLDER / f"{key}.yaml"
    return build(read_with(path, unnamed_modules(path))[1], YEAR)

"""Checks of a service: its entry, category, texts and places."""

import re

from questionnaires.cells import Special, cell_id, split_cell_id
from questionnaires.rules.base import CORRECT_ONE, TELL, Finding, check, listed


@check()
def respondent_may_enter(case, question):
    """A-H2: this type of organisation may enter services of the category."""
    category, roles = case.context.category, case.context.organisation_types
    if category and roles and category.respondents and roles.isdisjoint(category.respondents):
        yield Finding(
            (question.key,),
            f"Your organisation does not enter services of category {category.code}, {category.name}. "
            "Choose another category, or leave the service to its provider.",
        )


@check()
def unique_name(case, question):
    """A-H1: no other service of the provider has this name."""
    name, provider = case.context.entry.get("name", ""), case.context.entry.get("provider", "")
    for peer in case.context.peers:
        if peer.provider == provider and peer.name == name != "":
            yield Finding(
                (question.key,),
                f"Another service of this provider is called “{name}” too. Add what sets this one apart.",
            )
            return


@check()
def similar_name(case, question):
    """A-S1: a name that differs from another one by case, spacing or one letter only."""
    name, provider = case.context.entry.get("name", ""), case.context.entry.get("provider", "")
    for peer in case.context.peers:
        if name and peer.provider == provider and peer.name != name and alike(peer.name, name):
            yield Finding(
                (question.key,),
                f"“{peer.name}” is nearly the same name. If it is the same service, keep only one.",
            )
            return


def alike(first, second):
    """Whether two names are equal but for case, spacing or one letter added, left out or changed.

    A figure is no letter: teams are numbered on purpose.
    """
    first, second = ("".join(name.casefold().split()) for name in (first, second))
    shorter, longer = sorted((first, second), key=len)
    if shorter == longer:
        return True
    if len(longer) - len(shorter) > 1 or len(shorter) < 4:
        return False
    at = next((i for i, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    changed = len(shorter) == len(longer)
    if longer[at].isdigit() or (changed and shorter[at].isdigit()):
        return False
    return shorter[at + changed :] == longer[at + 1 :]


@check()
def sector_of_provider(case, question):
    """A-H4: the sector of the service is that of its provider in the register."""
    entry = case.context.entry
    registered, given = entry.get("provider_sector"), entry.get("sector")
    own = given == "inhouse" and entry.get("provider") == entry.get("organisation")
    if registered and given and not own and registered != given:
        yield Finding(
            (question.key,),
            f"The register has this provider as “{case.label('SVC-A06', registered)}”, A06 says "
            f"“{case.label('SVC-A06', given)}”. {CORRECT_ONE}",
        )


@check()
def merged_into_open(case, question):
    """A-H7: the service that this one merged into is open."""
    target = case.context.entry.get("merged_into")
    for peer in case.context.peers:
        if target and peer.key == target and not peer.is_open:
            yield Finding(
                (question.key,),
                f"{peer.name} is not open itself. Choose the service that takes the children now.",
            )


@check()
def category_default(case, question, attribute):
    """B-S1: differs from what is usual for the category."""
    usual = getattr(case.context.category, attribute, ())
    given = case.choice(question.key)
    if usual and given and given not in listed(usual):
        labels = " or ".join(case.label(question.key, key) for key in listed(usual))
        yield Finding(
            (question.key,),
            f"Services of this category are usually {labels.lower()}. Tell readers why yours is not.",
        )


@check()
def among_category(case, question, attribute):
    """B-S2: not among those that the category lists."""
    usual = getattr(case.context.category, attribute, ())
    given = case.choice(question.key)
    if usual and given and given not in usual:
        labels = "; ".join(case.label(question.key, key) for key in usual)
        yield Finding(
            (question.key,),
            f"The main aim of this category is one of these: {labels}. Tell readers why yours differs.",
        )


@check()
def short_or_private_text(case, question, at_least):
    """A-S3: a description that is too short, or holds an e-mail address or telephone number."""
    text = case.value(question.key)
    if not isinstance(text, str) or isinstance(text, Special):
        return
    if len(text) < at_least:
        yield Finding(
            (question.key,), f"{len(text)} characters say little. Describe what a family can expect."
        )
    if re.search(r"\S+@\S+\.\S|(?:\d[\s-]?){9,}", text):
        yield Finding(
            (question.key,),
            "This holds an e-mail address or a telephone number. Move it to the questions made for it.",
        )


@check(references=("directory",), columns=("column", "shown"))
def known_postcodes(case, question, column, shown, directory):
    """D-H1: the postcode is in the register, unless the address is confidential."""
    known = case.context.outcodes
    if known is None:
        return
    listed_service = case.choice(directory) == "yes"
    for row in case.rows(question):
        code = case.value(cell_id(question.key, row, column))
        confidential = not listed_service and case.value(cell_id(question.key, row, shown)) == "no"
        if (
            isinstance(code, str)
            and not isinstance(code, Special)
            and not confidential
            and outcode(code) not in known
        ):
            yield Finding(
                (cell_id(question.key, row, column),),
                f"No place has a postcode that starts with {outcode(code)}. Correct {code}.",
            )


def outcode(postcode):
    """The first half of a postcode: M32 of M32 0TH."""
    return postcode.rpartition(" ")[0] or postcode


@check(references=("question_is",), columns=("column",))
def base_outside_areas(case, question, question_is, column):
    """D-S1: the main base lies outside all areas served."""
    rows = [split_cell_id(cell)[1] for cell in case.cells_of(question_is, column)]
    code = case.value(cell_id(question_is, rows[0], column)) if rows else None
    if not isinstance(code, str) or isinstance(code, Special) or not case.context.outcodes:
        return
    home, served = case.context.outcodes.get(outcode(code)), case.choices(question.key)
    if home and served and not set(home) & set(served):
        yield Finding(
            (question.key, cell_id(question_is, rows[0], column)),
            f"The main base ({code}) lies outside the areas served. {TELL}",
        )

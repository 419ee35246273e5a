"""The six key figures of a profile, with what the rules of findings need to know. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from mapping.returns.classification import classification
from reports.profiles.comparison import is_little, ratio_of
from reports.profiles.figures import (
    NO_RETURN,
    NOT_ASKED,
    ONE_DECIMAL,
    PERCENT,
    WHOLE,
    Compared,
    Funnel,
    KeyFigure,
    Value,
)
from reports.profiles.protection import NOTHING
from reports.suppression import SMALLEST_BASE
from reports.wording import counted, figure, rounded

COMPLETE_PERCENT = 90  # returns less complete are not compared with each other


@dataclass(frozen=True)
class Indicator:
    """A rate, and the plain number that stands in its place where little data allows no rate.

    measure: what the number counts. people: the measure that says how many people are behind it.
    """

    code: str
    name: str
    unit: str
    form: str
    section: str
    measure: str = ""
    number_code: str = ""
    number_unit: str = ""
    people: str = ""


INDICATORS = (
    Indicator(
        "P01",
        "Services mapped",
        "per 10,000 aged 0 to 17",
        ONE_DECIMAL,
        "services",
        "services",
        "P01",
        "number",
    ),
    Indicator(
        "W02",
        "Staff in post",
        "WTE per 100,000 aged 0 to 17",
        WHOLE,
        "workforce",
        "wte",
        "W01",
        "WTE",
        "heads",
    ),
    Indicator("W04", "Vacancy rate", "% of funded posts", PERCENT, "workforce"),
    Indicator(
        "A06i",
        "Children on caseloads",
        "per 10,000 aged 0 to 17",
        WHOLE,
        "activity",
        "caseload",
        "A04i",
        "number",
        "caseload",
    ),
    Indicator(
        "A07i",
        "New cases",
        "per 10,000 aged 0 to 17",
        WHOLE,
        "activity",
        "new_cases",
        "A02i",
        "number",
        "new_cases",
    ),
    Indicator("A08i", "Seen within 13 weeks", "% of new cases, known waits", PERCENT, "activity"),
)
WITH_LIMITS = ("W04", "A06i", "A07i", "A08i")


def has_little_data(sources):
    """Whether services or children are too few for rates and charts."""
    return is_little(len(sources.year.services), sources.children)


def is_unfinished(sources):
    """Whether a draft still lacks so many answers that its sums cannot be compared with last year's."""
    return sources.is_draft and sources.year.share_complete < COMPLETE_PERCENT


def key_figures(sources, protection):
    """The six KeyFigures; with little data plain numbers and why they are not compared by rate."""
    little = has_little_data(sources)
    return tuple(
        _number(indicator, sources, protection)
        if little and indicator.measure
        else _rate(indicator, sources, protection, little)
        for indicator in INDICATORS
    )


def mark_of(year):
    """The Value of a collection without services: not asked, or no return."""
    return NO_RETURN if year.is_asked else NOT_ASKED


# Rates


def _rate(indicator, sources, protection, little):
    year, last = sources.year, sources.last_year
    own = rate_value(indicator, year, sources.children, protection)
    ratio = ratio_of(indicator.code, year.number, sources.children)
    region, england = sources.comparison.medians(indicator.code)
    return KeyFigure(
        code=indicator.code,
        name=indicator.name,
        unit=indicator.unit,
        form=indicator.form,
        figures=Compared(own, rate_value(indicator, last, sources.children, protection), region, england),
        people=_people(indicator, year, ratio),
        section=indicator.section,
        spread=sources.comparison.spread(indicator.code),
        funnel=funnel_of(indicator.code, sources) if own.is_shown else None,
        is_comparable=_is_comparable(sources),
        consists_of=consists_of(indicator.code, sources, protection) if own.is_shown else "",
        why_not=_why_no_rate(own, ratio) if little or not own.is_shown else "",
    )


def _is_comparable(sources):
    """Whether both returns are complete enough for a change to be named."""
    answered = min(sources.year.share_answered, sources.last_year.share_answered)
    return answered >= COMPLETE_PERCENT and not is_unfinished(sources)


def rate_value(indicator, year, children, protection):
    """The rate of one collection as a Value."""
    if not year.has_services:
        return mark_of(year)
    ratio = ratio_of(indicator.code, year.number, children)
    if ratio is None:
        return NOTHING
    if not ratio.is_of_people:
        return Value(ratio.value, "")
    if ratio.is_share:
        share = protection.share_of_posts if indicator.section == "workforce" else protection.share
        return share(ratio.count, ratio.base)
    return protection.rate(ratio.count, ratio.base, ratio.per, people=year.number(indicator.people))


def _people(indicator, year, ratio):
    """How many people (or services, or posts) are behind a rate."""
    if ratio is None:
        return 0
    behind = year.number(indicator.people) if indicator.people else None
    whole = ratio.base if ratio.is_share else ratio.count
    return int(rounded(whole if behind is None else behind))


def _why_no_rate(own, ratio):
    if ratio is None:
        return "nothing to divide by" if own == NOTHING else "no figures signed off"
    if ratio.is_share and ratio.base < SMALLEST_BASE:
        return "base of fewer than ten"
    return "a small number" if not own.is_shown else "too little data to compare"


def funnel_of(code, sources):
    """What the limits of chance come from: own count and base, and England's value of all together; or None.

    An unfinished draft lacks children, so its rates of residents say nothing yet; its shares do.
    """
    ratio = ratio_of(code, sources.year.number, sources.children)
    _, england = sources.comparison.pooled(code)
    if code not in WITH_LIMITS or ratio is None or england is None:
        return None
    if is_unfinished(sources) and not ratio.is_share:
        return None
    kind = "share" if ratio.is_share else "rate"
    return Funnel(kind, int(rounded(ratio.count)), int(rounded(ratio.base)), ratio.per, england)


# Numbers in the place of rates


def _number(indicator, sources, protection):
    year, last = sources.year, sources.last_year
    region, england = sources.comparison.median_numbers(indicator.measure)
    number = year.number(indicator.measure)
    own = number_value(indicator, year, protection)
    return KeyFigure(
        code=indicator.number_code,
        name=indicator.name,
        unit=indicator.number_unit,
        form=ONE_DECIMAL if indicator.measure == "wte" else WHOLE,
        figures=Compared(own, number_value(indicator, last, protection), region, england),
        people=int(rounded(number or 0)),
        section=indicator.section,
        why_not=_why_no_number(own),
    )


def _why_no_number(own):
    if own.is_shown:
        return "a count: not compared by rate"
    return {"<5": "one to four people", "*": "held back", NOTHING.mark: "nobody answered"}.get(
        own.mark, "no figures signed off"
    )


def number_value(indicator, year, protection):
    """The plain number of one collection as a Value."""
    if not year.has_services:
        return mark_of(year)
    number = year.number(indicator.measure)
    if indicator.measure == "services":
        return Value(len(year.services), "")
    if indicator.measure == "wte":
        return protection.staff(number, year.number("heads"))[0]
    return protection.people(number)


# What a figure consists of, in one sentence


def consists_of(code, sources, protection):
    """A plain sentence on the largest part of a figure, or on what changed most; empty where none can be told."""
    if code == "P01":
        return _largest_change(sources)
    if code == "W04":
        return _largest_vacancy(sources.year, protection)
    measure = {"A06i": "caseload", "A07i": "new_cases"}.get(code)
    return _largest_category(sources.year, measure, protection) if measure else ""


def _largest_change(sources):
    if not sources.last_year.has_services:
        return ""
    now = {code: len(found) for code, found in sources.year.services_by_category.items()}
    before = {code: len(found) for code, found in sources.last_year.services_by_category.items()}
    changes = {code: now.get(code, 0) - before.get(code, 0) for code in sorted(now.keys() | before.keys())}
    code = max(changes, key=lambda code: abs(changes[code]))
    if not changes[code]:
        return ""
    more = "more" if changes[code] > 0 else "fewer"
    name = in_sentence(classification().categories[code].name)
    return f"The largest change: {counted(abs(changes[code]), 'service')} {more} in {name}."


def in_sentence(name):
    """The name of a category inside a sentence: family support, but CAMHS tier 2."""
    return name if name[:2].isupper() else f"{name[:1].lower()}{name[1:]}"


def headings():
    """Heading of staff groups -> their keys, in the order of the classification."""
    found = {}
    for key, group in classification().staff_groups.items():
        found.setdefault(group.heading, []).append(key)
    return found


def sum_of(year, measure, items):
    """The sum over several items, or None where none was answered."""
    numbers = [number for item in items if (number := year.number(measure, item)) is not None]
    return sum(numbers) if numbers else None


def _largest_vacancy(year, protection):
    vacant = {
        heading: sum_of(year, "vacancies", items) or Decimal(0) for heading, items in headings().items()
    }
    heading = max(vacant, key=vacant.get)
    if vacant[heading] < 1 or protection.hides(sum_of(year, "heads", headings()[heading])):
        return ""
    whole = figure(year.number("vacancies"), 1)
    return f"Of the {whole} vacant WTE {figure(vacant[heading], 1)} are in {heading.lower()}."


def _largest_category(year, measure, protection):
    categories = list(year.services_by_category.items())
    numbers = [year.sum_of(services, measure) or 0 for _, services in categories]
    index = max(range(len(numbers)), key=numbers.__getitem__)
    if not numbers[index] or index in protection.hidden(numbers):
        return ""
    name = classification().categories[categories[index][0]].name
    part, whole = figure(numbers[index]), figure(year.number(measure))
    return f"The largest part, {part} of the {whole}, is in {in_sentence(name)}."

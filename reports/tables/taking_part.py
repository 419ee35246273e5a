"""R01 to R05: who takes part, by type of organisation. Pure."""

from functools import partial

from reports.tables.lines import (
    Item,
    Measure,
    Table,
    answer,
    line,
    not_asked,
    share,
)

ORGANISATIONS = (
    Item("local_authority", "Local authorities"),
    Item("pct", "Primary care trusts"),
    Item("nhs_trust", "NHS trusts"),
)
COMMISSIONERS = ORGANISATIONS[:2]
PROVIDERS = (
    Item("child_health_provider", "Child health and maternity providers"),
    Item("camhs_provider", "CAMHS providers"),
)
AUTHORITIES = ORGANISATIONS[:1]
LEVELS_OF_AUTHORITIES = ("la_type", "authority")
REGISTER = (
    "The base is every organisation on the register of the collection on its census date. Those that declined to "
    "take part stay in the base."
)
ROUNDING = (
    "Percentages are rounded half up. Shares of organisations are never held back: they are not about people."
)


def rate_lines(figures, *, code, measure, source):
    """The lines of a response rate, for each collection, area and type of organisation."""
    return [
        line(code, item, collection, figures, area, measure, value)
        for collection in figures.collections
        for area in figures.areas[collection]
        for item in figures.items
        for value in [_rate(figures, collection, area, item, source)]
        if value
    ]


def _rate(figures, collection, area, item, source):
    """The rate of one area; None where the area has no such organisation at all."""
    if collection not in item.asked_in:
        return not_asked(collection)
    amount = figures.amount(collection, source, item.key, area.code)
    if figures.level == "authority":
        return answer(amount.value) if amount.base else None
    if figures.level in LEVELS_OF_AUTHORITIES and item.key != "local_authority":
        return None
    return share(amount)


def representativeness_lines(figures):
    """R05: authorities of the comparison set, of all on the register, by whatever level is shown."""
    return [
        line("R05", item, collection, figures, area, "in_set", _in_set(figures, collection, area))
        for collection in figures.collections
        for area in figures.areas[collection]
        for item in figures.items
    ]


def _in_set(figures, collection, area):
    if not figures.members.get(collection):
        return not_asked(collection)
    amount = figures.amount(collection, "answered", "childrens_trust", area.code)
    return answer(amount.value) if figures.level == "authority" else share(amount)


def _rates(code, title, measure, label, source, items, *how_to_read, part=""):
    return Table(
        code=code,
        title=title,
        subject="of organisations",
        part=part,
        needs=(source,),
        measures=(Measure(measure, label),),
        lines=partial(rate_lines, code=code, measure=measure, source=source),
        how_to_read=(*how_to_read, ROUNDING),
    ), items


_TABLES = (
    _rates(
        "R01", "Organisations taking part", "participation_rate", "Taking part", "registered", ORGANISATIONS,
        "Taking part: the organisation has registered for the collection.", REGISTER,
    ),
    _rates(
        "R02", "Response rates", "response_rate", "Response rate", "responded", ORGANISATIONS,
        "A response is at least one part of the return that has been signed off.", REGISTER,
    ),
    _rates(
        "R03", "Finance signed off", "finance_rate", "Finance signed off", "finance_signed_off", COMMISSIONERS,
        "The base is the commissioners of the register. Where the register does not say who commissions, the "
        "figure is N/A.",
        part="finance",
    ),
    _rates(
        "R04", "Service data signed off", "services_rate", "Services signed off", "services_signed_off", PROVIDERS,
        "The base is the providers of the register, of child health and maternity and of CAMHS. Where the register "
        "does not say who provides, the figure is N/A.",
        part="services",
    ),
)  # fmt: skip

REPRESENTATIVENESS = Table(
    code="R05",
    title="Authorities in the comparison set",
    subject="of authorities",
    questionnaire="childrens_trust",
    needs=("answered",),
    measures=(Measure("in_set", "In the comparison set"),),
    lines=representativeness_lines,
    how_to_read=(
        "Share of the authorities on the register whose Children's Trust answers are compared: those that answered in "
        "all the collections shown, or all that answered.",
        ROUNDING,
    ),
)

ITEMS = {table.code: items for table, items in _TABLES} | {"R05": AUTHORITIES}
TABLES = (*(table for table, _ in _TABLES), REPRESENTATIVENESS)

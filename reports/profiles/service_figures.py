"""Sections 2 to 4 of a profile: services, staff and children of the authority beside those of others. Pure."""

from dataclasses import replace

from mapping.returns.classification import classification
from reports.profiles.comparison import compared
from reports.profiles.figures import (
    NOT_ASKED,
    PERCENT,
    WHOLE,
    Activity,
    ActivityYear,
    Band,
    CategoryLine,
    Compared,
    Funnel,
    RateLine,
    Service,
    Shares,
    StaffGroup,
    Value,
    Workforce,
)
from reports.profiles.key_figures import (
    funnel_of,
    has_little_data,
    headings,
    in_sentence,
    is_unfinished,
    mark_of,
    sum_of,
)
from reports.profiles.own import AGE_NOT_KNOWN, AGES, SECTOR_GROUPS, TIERS, WAIT_NOT_KNOWN, WAITS
from reports.profiles.protection import NOTHING
from reports.wording import figure, listed, share_of

ACTIVITY_MEASURES = ("caseload", "seen", "new_cases", "waiting")
AGE_NAMES = ("under 1", "1 to 4", "5 to 9", "10 to 14", "15", "16 to 17", "18 and over")
WAIT_NAMES = ("up to 4 weeks", "over 4 to 13", "over 13 to 18", "over 18 to 26", "over 26 weeks")
NO_SHARES = Shares(None, None, None)
RATES = (
    ("A06i", "Caseload per 10,000 aged 0 to 17", WHOLE),
    ("A07i", "New cases per 10,000 aged 0 to 17", WHOLE),
    ("A08i", "New cases seen within 13 weeks", PERCENT),
    ("W04", "Posts vacant", PERCENT),
)
VOLUNTARY = SECTOR_GROUPS[2]
ASK_ABOUT_PERCENT = 33  # a question is asked about a part that makes up as much of the whole


# Section 2: services


def category_lines(sources, protection):
    """A CategoryLine for each category with a service this year or last."""
    year, last = sources.year, sources.last_year
    now, before = year.services_by_category, last.services_by_category
    codes = sorted(now.keys() | before.keys())
    columns = [_children_column(year, measure, codes, protection) for measure in ACTIVITY_MEASURES]
    return tuple(
        _category_line(
            sources, code, now.get(code, []), before.get(code, []), [column[index] for column in columns]
        )
        for index, code in enumerate(codes)
    )


def _children_column(year, measure, codes, protection):
    numbers = [year.sum_of(year.services_by_category.get(code, []), measure) for code in codes]
    return protection.column(numbers)


def _category_line(sources, code, services, before, children):
    year = sources.year
    category = classification().categories[code]
    tiers = year.count_by("tier", services)
    sectors = year.count_by("sector", services)
    holding = sum(year.holds_cases(service) for service in services)
    return CategoryLine(
        code,
        category.name,
        classification().groups[category.group].name,
        len(services),
        Value(len(before), "") if sources.last_year.has_services else mark_of(sources.last_year),
        (*(tiers[tier] for tier in TIERS), len(services) - sum(tiers[tier] for tier in TIERS)),
        tuple(sum(sectors[key] for key in keys) for keys in SECTOR_GROUPS),
        holding,
        *(children if holding else [NOT_ASKED] * 4),
    )


def tier_shares(sources):
    return _service_shares(sources, "tier", [[tier] for tier in TIERS])


def sector_shares(sources):
    return _service_shares(sources, "sector", SECTOR_GROUPS)


def _service_shares(sources, measure, groups):
    """Shares of services; those that do not say are left out. Services are not people: nothing is held back."""
    if has_little_data(sources):
        return NO_SHARES
    chosen = sources.year.count_by(measure)
    counts = [sum(chosen[key] for key in keys) for keys in groups]
    own = tuple(share_of(count, sum(counts)) for count in counts) if sum(counts) else None
    return Shares(own, *sources.comparison.shares(f"services_by_{measure}", groups))


def service_lines(year):
    """The register of the annex, ordered by category and name."""
    ordered = sorted(
        year.services, key=lambda service: (service.category, service.name.casefold(), service.id)
    )
    return tuple(
        Service(
            service.reference,
            service.name,
            str(classification().categories[service.category]),
            year.choice(service, "tier").capitalize() or "Not stated",
            service.provider,
            _ages(year, service),
        )
        for service in ordered
    )


def _ages(year, service):
    facts = (year.fact(service, "youngest_age"), year.fact(service, "oldest_age"))
    youngest, oldest = (fact.number if fact else None for fact in facts)
    if youngest is None or oldest is None:
        return "not stated"
    return f"{'before birth' if youngest < 0 else figure(youngest)} to {figure(oldest)}"


# Section 3: staff


def workforce(sources, protection):
    """Workforce of a return that gives figures on staff."""
    year, comparison = sources.year, sources.comparison
    groups = {name: items for name, items in headings().items() if _has_staff(year, items)}
    heads = [sum_of(year, "heads", items) for items in groups.values()]
    hidden = protection.hidden(heads)
    lines = [
        (sum_of(year, "wte", items) or 0, _staff_group(sources, protection, name, items, index in hidden))
        for index, (name, items) in enumerate(groups.items())
    ]
    answered = [service for service in year.services if year.answered(service, "wte")]
    return Workforce(
        groups=tuple(line for _, line in sorted(lines, key=lambda pair: (-pair[0], pair[1].name))),
        total=_staff_group(
            sources, protection, "All staff groups", [item for i in headings().values() for item in i]
        ),
        wte_last_year=_wte_last_year(sources, protection),
        agency_wte=_posts(sources, protection, "agency_wte"),
        agency_share=_agency_share(sources, protection),
        vacant_long=_posts(sources, protection, "vacant_long_wte"),
        answered=len(answered),
        listed=len(year.services),
        without_figures=_without_figures(year),
        question=_workforce_question(year, comparison, protection),
    )


def _wte_last_year(sources, protection):
    """Staff in post a year ago, unless this draft still lacks so many answers that it says nothing of a change."""
    last = sources.last_year
    if not last.has_services or is_unfinished(sources):
        return mark_of(last)
    return _staff(last, protection)[0]


def _has_staff(year, items):
    return any(sum_of(year, measure, items) for measure in ("wte", "heads", "vacancies"))


def _staff(year, protection):
    return protection.staff(year.number("wte"), year.number("heads"))


def _staff_group(sources, protection, name, items, is_hidden=False):
    """A line of the staff table; is_hidden: held back, itself or as the partner of another."""
    year, last = sources.year, sources.last_year
    wte, heads, vacant = (sum_of(year, measure, items) for measure in ("wte", "heads", "vacancies"))
    shown_wte, people = protection.staff(wte, heads)
    held = Value(mark="*")
    if is_hidden and not protection.hides(heads):
        shown_wte = people = held
    own_rate = protection.rate(wte, sources.children, 100_000, people=heads)
    return StaffGroup(
        name=name,
        wte=shown_wte,
        people=people,
        vacant=NOTHING if vacant is None else Value(vacant, ""),
        vacancy_rate_last_year=_vacancy_rate(last, items, protection) if last.has_services else mark_of(last),
        vacancy_rate=held if is_hidden else _vacancy_rate(year, items, protection),
        per_100k=Compared(held if is_hidden else own_rate, NOT_ASKED, *sources.comparison.staff_rates(items)),
    )


def _vacancy_rate(year, items, protection):
    wte, heads, vacant = (sum_of(year, measure, items) for measure in ("wte", "heads", "vacancies"))
    if vacant is None or wte is None:
        return NOTHING
    if protection.hides(heads):
        return Value(mark="*")
    return protection.share_of_posts(vacant, wte + vacant)


def _posts(sources, protection, measure):
    own, before = (
        protection.posts(year.number(measure)) if year.has_services else mark_of(year)
        for year in (sources.year, sources.last_year)
    )
    return compared(own, before, sources.comparison.median_numbers(measure))


def _agency_share(sources, protection):
    own, before = (
        protection.share_of_posts(year.number("agency_wte"), year.number("wte"))
        if year.has_services
        else mark_of(year)
        for year in (sources.year, sources.last_year)
    )
    others = sources.comparison.pooled("W05")
    return compared(own, before, [NOT_ASKED if share is None else Value(share, "") for share in others])


def _without_figures(year):
    """Which categories the services without staff figures are in."""
    counts = {}
    for service in year.services:
        if not year.answered(service, "wte"):
            counts[service.category] = counts.get(service.category, 0) + 1
    if not counts:
        return ""
    largest = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:3]
    names = [f"{in_sentence(classification().categories[code].name)} ({count})" for code, count in largest]
    return f"{'Most are' if len(counts) > 3 else 'They are'} in {listed(names)}."


def _workforce_question(year, comparison, protection):
    """A question about vacant posts where one profession has a third of them."""
    vacant = {name: sum_of(year, "vacancies", items) or 0 for name, items in headings().items()}
    name, whole = max(vacant, key=vacant.get), year.number("vacancies")
    if not whole or vacant[name] < 5 or share_of(vacant[name], whole) < ASK_ABOUT_PERCENT:
        return ""
    return (
        f"Which of the {figure(vacant[name], 1)} vacant posts in {name.lower()} are covered by agency staff?"
    )


# Section 4: children


def activity(sources, protection):
    """Activity of a return that gives figures on children."""
    year, comparison = sources.year, sources.comparison
    ages, ages_unknown, own_ages = _both_years(
        sources, "caseload_age", AGE_NAMES, AGES, AGE_NOT_KNOWN, protection
    )
    new, new_unknown, own_new = _both_years(
        sources, "new_case_wait", WAIT_NAMES, WAITS, WAIT_NOT_KNOWN, protection
    )
    waiting, waiting_unknown, _ = _both_years(
        sources, "waiting_time", WAIT_NAMES, WAITS, WAIT_NOT_KNOWN, protection
    )
    return Activity(
        years=_activity_years(sources, protection),
        holding=len(year.holding),
        answered=sum(year.answered(service, "caseload") for service in year.holding),
        ages=ages,
        ages_unknown=ages_unknown,
        age_shares=Shares(own_ages, *comparison.shares("caseload_age", [[item] for item in AGES])),
        new_waits=new,
        new_waits_unknown=new_unknown,
        new_wait_shares=Shares(own_new, *comparison.shares("new_case_wait", [[item] for item in WAITS])),
        new_wait_unknown_shares=_unknown_shares(year, comparison, new_unknown.own),
        waiting_waits=waiting,
        waiting_waits_unknown=waiting_unknown,
        rates=tuple(_rate_lines(sources, protection)),
        question=_activity_question(year, protection),
    )


def _activity_years(sources, protection):
    """Up to three collections; those before the first return are left out, a gap between two stays one."""
    years = list(sources.years)
    while not years[0].has_activity:
        years.pop(0)
    found = [_activity_year(year, protection) for year in years]
    if is_unfinished(sources):
        found[-1] = replace(found[-1], break_before="not all services have answered")
    return tuple(found)


def _activity_year(year, protection):
    if not year.has_activity:
        return ActivityYear(year.name, *[mark_of(year)] * 4)
    return ActivityYear(
        year.name, *(protection.people(year.number(measure)) for measure in ACTIVITY_MEASURES)
    )


def _bands(year, measure, items, not_known, protection):
    """(Values of the bands, of those not known, own exact shares or None); dashes where nobody answered."""
    counts = [year.number(measure, item) for item in items]
    unknown = year.number(measure, not_known)
    if all(count is None for count in (*counts, unknown)):
        return [NOTHING] * len(items), NOTHING, None
    return protection.bands([count or 0 for count in counts], unknown or 0)


def _both_years(sources, measure, names, items, not_known, protection):
    """(Bands of this year and last, that of those not known, own exact shares or None)."""
    last = sources.last_year
    values, unknown, shares = _bands(sources.year, measure, items, not_known, protection)
    before, unknown_before = [mark_of(last)] * len(items), mark_of(last)
    if last.has_services:
        before, unknown_before, _ = _bands(last, measure, items, not_known, protection)
    bands = tuple(Band(name, own, past) for name, own, past in zip(names, values, before, strict=True))
    return bands, Band("not known", unknown, unknown_before), shares


def _unknown_shares(year, comparison, unknown):
    """Percent of new cases whose wait is not known: own, region, England; None where not to be shown."""
    counts = [year.number("new_case_wait", item) or 0 for item in (*WAITS, WAIT_NOT_KNOWN)]
    own = share_of(counts[-1], sum(counts)) if unknown.is_shown else None
    return (own, *comparison.part_of("new_case_wait", WAIT_NOT_KNOWN, (*WAITS, WAIT_NOT_KNOWN)))


def _rate_lines(sources, protection):
    for code, name, form in RATES:
        funnel = funnel_of(code, sources)
        if funnel and not (code != "W04" and _is_held_back(funnel, protection)):
            yield RateLine(name, form, funnel)
    if funnel := _voluntary_funnel(sources):
        yield RateLine("Services run by voluntary bodies", PERCENT, funnel)


def _is_held_back(funnel, protection):
    value = (
        protection.share(funnel.count, funnel.base)
        if funnel.kind == "share"
        else protection.rate(funnel.count, funnel.base, funnel.per)
    )
    return not value.is_shown


def _voluntary_funnel(sources):
    shares = sources.comparison.shares("services_by_sector", SECTOR_GROUPS)[1]
    chosen = sources.year.count_by("sector")
    base = sum(chosen[key] for keys in SECTOR_GROUPS for key in keys)
    if shares is None or not base:
        return None
    return Funnel("share", sum(chosen[key] for key in VOLUNTARY), base, 100, shares[2])


def _activity_question(year, protection):
    """A question about waits where one category has a third of the children waiting."""
    categories = list(year.services_by_category.items())
    waiting = [year.sum_of(services, "waiting") or 0 for _, services in categories]
    whole = sum(waiting)
    if whole < 10:
        return ""
    index = max(range(len(waiting)), key=waiting.__getitem__)
    if share_of(waiting[index], whole) < ASK_ABOUT_PERCENT or protection.hidden(waiting) & {index}:
        return ""
    name = in_sentence(classification().categories[categories[index][0]].name)
    return (
        f"{figure(waiting[index])} of the {figure(whole)} children waiting wait for {name}: what would "
        "shorten their wait?"
    )

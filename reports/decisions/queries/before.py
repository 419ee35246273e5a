"""What a director's page compares this year with, and how it says so.

Single answers stand beside those that the section pages show (``questionnaires.queries.earlier``). The figures of a
whole part stand beside what was signed off last, whenever that was; where nothing was, beside the same earlier
answers added up.
"""

from collections import Counter
from dataclasses import dataclass, replace

from django.db.models import Count, Exists, OuterRef, Sum

from mapping.returns.models import Collection
from mapping.returns.querysets import GONE
from questionnaires.queries import Earlier
from reports.decisions.figures import Sums
from reports.facts import ANSWERED, facts_of
from reports.models import Fact
from reports.wording import listed

NAMES_SHOWN = 3


# -- Answers --------------------------------------------------------------------------------------------------


def head_of(answered):
    """What the column of earlier answers is called: the year, and predecessor, that most are of; "" without any."""
    times = Counter((one.earlier.year, one.earlier.when) for one in answered if one.earlier.when)
    year_and_head = max(times, key=lambda time: (times[time], *time), default=("", ""))
    return year_and_head[1]


def words_of(answered):
    """What the answers are compared with, sentence by sentence; [] where there are none from before."""
    by_time = {}
    for one in answered:
        if one.earlier.when:
            by_time.setdefault(one.earlier.when, []).append(one)
    head = head_of(answered)
    if not head:
        return []
    words = [f"Compared with the answers of {_whose(by_time.pop(head)[0].earlier)}."]
    words += [f"{_names(ones)}: with those of {_whose(ones[0].earlier)}." for ones in by_time.values()]
    words += [
        f"{one.name}: its counts of {one.earlier.year} include those of {listed(one.earlier.merged)}."
        for one in answered
        if one.earlier.merged
    ]
    return words


def _whose(earlier):
    """``2008/09``; ``Cheshire in 2008/09, which you took over from``."""
    of = f"{earlier.predecessor} in " if earlier.predecessor else ""
    return f"{of}{earlier.year}{', which you took over from' if of else ''}"


def _names(ones):
    """Up to three services by name, more of them by number."""
    return listed(one.name for one in ones) if len(ones) <= NAMES_SHOWN else f"{len(ones)} services"


# -- Figures of a part ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Past:
    """The figures of a part from before.

    head: what their column is called, "" for none at all. sums: None where nothing is known. is_like: whether a
    change from them says something. notes: sentences on what they are of.
    """

    head: str = ""
    sums: Sums | None = None
    is_like: bool = True
    notes: tuple[str, ...] = ()


def past_of(summary, user):
    """The Past of a part: what was signed off last; without that, what the same services answered before."""
    facts = _facts_before(summary.part, user)
    signed = (
        Collection.objects.filter(Exists(facts.filter(collection=OuterRef("pk")))).order_by("-year").first()
    )
    if signed:
        return Past(signed.name, _sums_signed(facts.filter(collection=signed)), notes=_notes(summary, signed))
    if head := head_of(summary.answered):
        return _past_answered(summary, head)
    if summary.last_year:
        note = f"N/A: nothing was signed off for {summary.last_year}."
        return Past(summary.last_year.name, notes=(note,))
    return Past()


def _facts_before(part, user):
    """The facts that earlier collections have of the same part."""
    return (
        Fact.objects.visible_to(user)
        .latest()
        .filter(
            organisation=part.organisation_id,
            collection__year__lt=part.collection.year,
            part__kind=part.kind,
            area="",
        )
    )


def _notes(summary, signed):
    """How what was signed off differs from what this year's is compared with elsewhere on the page."""
    notes = []
    if signed != summary.last_year:
        notes.append(f"{signed} is the last collection that was signed off.")
    inherited = [one for one in summary.answered if one.earlier.predecessor]
    if inherited:
        are = "is" if len(inherited) == 1 else "are"
        notes.append(f"{_names(inherited)}, taken over since, {are} not in its figures.")
    return tuple(notes)


def _sums_signed(facts):
    """What the facts of one collection add up to."""
    sums, services = Sums(), 0
    rows = (
        facts.exclude(service_entry__status__in=GONE)
        .values_list("measure", "item", "state", "choice")
        .annotate(total=Sum("number"), services=Count("service_entry", distinct=True), n=Count("pk"))
        .order_by()
    )
    for measure, item, state, choice, total, in_services, n in rows:
        if state == ANSWERED:
            sums.add(measure, item, number=total, choice=choice, times=n)
        if measure == "response":
            services += in_services
    sums.services = services
    return sums


def _past_answered(summary, head):
    """What the services of this list, or the organisation itself, answered before, added up."""
    answered = [one for one in summary.answered if one.earlier.when]
    sums = Sums(services=len(answered) if summary.is_services else None)
    for one in answered:
        sums.add_facts(_facts_then(one))
    predecessors = sorted({one.earlier.predecessor for one in answered if one.earlier.predecessor})
    if predecessors:
        note = (
            f"{head}: what {listed(predecessors)} answered about what you took over; no change is worked out."
        )
    else:
        what = "adds up what the services of this list" if summary.is_services else "is what the organisation"
        note = f"{head} was not signed off; its column {what} answered then."
    return Past(head, sums, is_like=not predecessors, notes=(note,))


def _facts_then(one):
    """The facts that earlier answers amount to, read as this year asks."""
    context = replace(one.context, last_year={}, unconfirmed=frozenset())
    return facts_of(one.questionnaire, one.earlier.shown, context)


def since_of(earlier: Earlier, head):
    """What an earlier answer bears beside it: of when it is, where that is not what its column says."""
    return "" if earlier.when == head else earlier.when

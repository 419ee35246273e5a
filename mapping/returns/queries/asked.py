"""What a contributor was asked to do in a return."""

from dataclasses import dataclass
from datetime import date

from django.db.models.fields.json import KeyTextTransform

from mapping.returns.addresses import page
from mapping.returns.queries.lists import Words, and_, least, to_confirm_words
from mapping.returns.roles import roles_of
from mapping.returns.workflow import Progress


@dataclass(frozen=True)
class Asked(Words):
    """What a contributor was asked to do, as one line."""

    name: str
    under: str
    url: str
    progress: str
    errors: int
    unusual: int
    due_on: object
    saved_at: object
    is_unopened: bool
    is_open: bool
    to_confirm: str = ""  # 12 of 40 answers to confirm

    @property
    def next_words(self):
        """What stands under it as the next step."""
        return f"{self.under}. Due {self.due_words}." if self.due_on else f"{self.under}."

    @property
    def action(self):
        return "Begin" if self.progress == Progress.NOT_STARTED else "Go on"


def asked_of(annual_return, user):
    """The responses of a return that ``user`` was asked to answer, the most urgent first.

    What the organisation owes no longer, since its roles have changed, is not asked, nor are sections that have
    fallen away with the category. One query, for a PCT two.
    """
    roles = sorted(roles_of(annual_return.organisation, annual_return.collection))
    delegations = (
        annual_return.delegations.standing()
        .filter(to=user, response__pin__respondents__overlap=roles)
        .select_related("response__service_entry", "response__pin", "response__part__annual_return")
        .select_related("response__part__collection")
        .defer("response__cells")
        .annotate(title=KeyTextTransform("title", "response__pin__definition_version__content"))
    )
    by_response = {}
    for delegation in delegations:
        by_response.setdefault(delegation.response_id, []).append(delegation)
    still = (_still_asked(group) for group in by_response.values())
    return sorted((_asked(annual_return, group) for group in still if group), key=_asked_urgency)


def _still_asked(delegations):
    """Those delegations of a response whose section is asked; "" is the whole, which always is."""
    summary = delegations[0].response.sections
    return [one for one in delegations if not (one.section and summary) or one.section in summary]


def _asked_urgency(asked):
    return (
        asked.progress == Progress.COMPLETE,
        -asked.days_late,
        asked.due_on or date.max,
        asked.name.lower(),
    )


def _asked(annual_return, delegations):
    response = delegations[0].response
    entry = response.service_entry
    due = min((one.due_on for one in delegations if one.due_on), default=None)
    sections = _sections_of(delegations)
    progress, errors, unusual = _state_of(response, sections)
    under = entry.category_label if entry else annual_return.organisation.name
    return Asked(
        name=entry.name if entry else delegations[0].title,
        under=f"{under}, section{'s' if len(sections) > 1 else ''} {and_(sections)}" if sections else under,
        url=page("questionnaires:response", annual_return, response=response.pk),
        progress=progress,
        errors=errors,
        unusual=unusual,
        due_on=due,
        saved_at=response.saved_at,
        is_unopened=not any(one.opened_at for one in delegations),
        is_open=response.part.takes_answers,
        to_confirm=to_confirm_words(_states_of(response, sections)),
    )


def _sections_of(delegations):
    """The keys of the sections that somebody was asked for, in order; none where it is the whole questionnaire."""
    sections = {one.section for one in delegations}
    return [] if "" in sections else sorted(sections)


def _state_of(response, sections):
    """(progress, errors, unusual answers) of the sections; how others stand is nothing to who was not asked."""
    if not sections:
        return response.progress, response.hard_count, response.soft_open_count
    states = _states_of(response, sections)
    progresses = [state.get("progress", Progress.NOT_STARTED) for state in states]
    errors = sum(state.get("hard", 0) for state in states)
    return least(progresses), errors, sum(state.get("soft_open", 0) for state in states)


def _states_of(response, sections):
    """What a response keeps of the sections asked for, or of all."""
    if not sections:
        return list(response.sections.values())
    return [response.sections.get(key, {}) for key in sections]

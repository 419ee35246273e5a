"""The most useful thing that a reader of the overview can do next."""

from dataclasses import dataclass

from mapping.returns.actions import why_list_is_closed
from mapping.returns.addresses import filtered, page
from mapping.returns.models import PartKind, Phase, ReturnEvent
from mapping.returns.queries.lists import and_, count
from mapping.returns.queries.overview import OVERVIEW, director_of
from mapping.returns.queries.returns import predecessors_of, to_carry, to_inherit
from mapping.returns.workflow import Decision, Progress


@dataclass(frozen=True)
class Step:
    """The one thing to do next; without ``url`` there is nothing to do but know."""

    title: str
    text: str = ""
    url: str = ""
    action: str = ""


def next_step(overview):
    """The most useful thing that this reader can do now."""
    if overview.annual_return.is_declined:
        return Step(
            "You do not take part this year",
            f"Your organisation has declined: {overview.annual_return.declined_reason}",
        )
    if overview.role == "director":
        return _step_of_director(overview)
    return _step_of_lead(overview)


def _step_of_director(overview):
    for part in overview.parts:
        if part.decision == Decision.SUBMITTED:
            return Step(
                f"Decide about {part.get_kind_display().lower()}",
                "The mapping lead has submitted this part. Read the summary, then sign it off or send it back.",
                page("reports:sign_off", overview.annual_return, kind=part.kind),
                "Read and decide",
            )
    if _all(overview, Decision.SIGNED_OFF):
        return _signed_off(overview)
    return Step("Nothing waits for you", "You get a message as soon as a part is submitted to you.")


def _step_of_lead(overview):
    for step in (
        _begin_list,
        _take_sent_back,
        _correct,
        _confirm_list,
        _ask_somebody,
        _submit,
        _explain,
        _answer,
        _organisation_part,
        _confirm_joint,
        _wait,
    ):
        if found := step(overview):
            return found
    return None


def _open_part(overview, kind=None):
    """The parts that the lead can still work on, or that of ``kind`` if it is one of them."""
    parts = [part for part in overview.parts if part.is_unlocked and part.takes_answers]
    return [part for part in parts if kind in (None, part.kind)]


def list_is_open(overview):
    """Whether services may be added, changed and given to people now."""
    return bool(overview.services) and not why_list_is_closed(overview.services)


def _begin_list(overview):
    if overview.lines or not list_is_open(overview):
        return None
    address = page("returns:services", overview.annual_return)
    if carried := to_carry(overview.annual_return):
        return Step(
            f"Bring the {count(carried.count, 'service')} of {carried.of} over",
            "Names, categories and providers come with them. Then add what is new and close what has ended.",
            address,
            "Bring the list over",
        )
    if inherited := to_inherit(overview.annual_return):
        return Step(
            f"Choose your services from those of {and_(predecessors_of(inherited))}",
            f"{count(len(inherited), 'service')} were mapped before you took over. "
            "Those that are yours now keep their history and their answers.",
            page("returns:services_inherit", overview.annual_return),
            "Choose services",
        )
    return Step(
        "Build your list of services",
        "Import a directory that you have already, or add services one by one. "
        "You see every row before anything is saved.",
        page("returns:import", overview.annual_return),
        "Import a list",
    )


def _take_sent_back(overview):
    for part in _open_part(overview):
        if part.decision == Decision.SENT_BACK:
            event = overview.last_event(part, ReturnEvent.Kind.SENT_BACK, ReturnEvent.Kind.REOPENED)
            complete = part.progress == Progress.COMPLETE
            return Step(
                f"{part.get_kind_display()} was sent back",
                f"{event.by}: “{event.note}”" if event and event.note else "",
                page("reports:submit", overview.annual_return, kind=part.kind)
                if complete
                else page("reports:check", overview.annual_return),
                "Read the note and submit again" if complete else "See what is left",
            )
    return None


def _correct(overview):
    wrong = overview.having("errors") if _open_part(overview, PartKind.SERVICES) else []
    if not wrong:
        return None
    errors, first = sum(line.errors for line in wrong), wrong[0]
    return Step(
        f"Correct {count(errors, 'error')} in {count(len(wrong), 'service')}",
        f"{'They keep' if errors > 1 else 'It keeps'} "
        f"{'these services' if len(wrong) > 1 else 'the service'} from being complete. "
        f"{'The first is' if errors > 1 else 'It is'} in {first.entry.name}.",
        page("questionnaires:start", overview.annual_return, entry=first.entry.pk),
        "Go to the first error" if errors > 1 else "Go to the error",
    )


def _confirm_list(overview):
    if overview.list_is_confirmed or not list_is_open(overview):
        return None
    return Step(
        "Say that your list of services is complete",
        f"{count(len(overview.lines), 'service')} on it. Everything later builds on the list; "
        "you can open it again at any time.",
        f"{page('returns:services', overview.annual_return)}#confirm",
        "Check the list",
    )


def _ask_somebody(overview):
    unasked = [line for line in overview.lines if line.is_unasked]
    if not unasked or len(unasked) < len(overview.lines) / 2 or not list_is_open(overview):
        return None
    return Step(
        f"Give {count(len(unasked), 'service')} to the people who know",
        "Choose services in the list and delegate them together, or answer them yourself.",
        filtered(OVERVIEW, overview.annual_return, "unasked"),
        "Choose services",
    )


def _submit(overview):
    is_time = overview.annual_return.collection.phase in (Phase.DATA_ENTRY, Phase.CLOSED)
    for part in overview.parts if is_time else []:
        if part.is_unlocked and part.progress == Progress.COMPLETE:
            return Step(
                f"Submit {part.get_kind_display().lower()} for sign-off",
                "All of it is complete. Look through it once more; your director is told as soon as you submit.",
                page("reports:submit", overview.annual_return, kind=part.kind),
                f"Check and submit {part.get_kind_display().lower()}",
            )
    return None


def _explain(overview):
    unusual = overview.having("unusual") if _open_part(overview, PartKind.SERVICES) else []
    if not unusual:
        return None
    figures = sum(line.unusual for line in unusual)
    return Step(
        f"Explain {count(figures, 'unusual figure')} in {count(len(unusual), 'service')}",
        f"They differ a lot from last year’s. The first is in {unusual[0].entry.name}.",
        page("questionnaires:start", overview.annual_return, entry=unusual[0].entry.pk),
        "Go to the first one",
    )


def _answer(overview):
    todo = [line for line in overview.lines if line.progress != Progress.COMPLETE]
    if not todo or not _open_part(overview, PartKind.SERVICES):
        return None
    first = min(todo, key=lambda line: line.urgency)
    return Step(
        f"{count(len(todo), 'service')} still to complete",
        f"The most urgent is {first.entry.name}.",
        page("questionnaires:start", overview.annual_return, entry=first.entry.pk),
        "Go to the most urgent",
    )


def _organisation_part(overview):
    if not _open_part(overview, PartKind.ORGANISATION):
        return None
    return Step(
        "Answer the questions about your organisation",
        "",
        page("questionnaires:organisation", overview.annual_return),
        "Go to the questionnaires",
    )


def _confirm_joint(overview):
    if not overview.joint_waiting:
        return None
    return Step(
        f"Confirm {count(overview.joint_waiting, 'joint service')}",
        "Others list them as provided together with you. Say whether you take part; nothing else is asked.",
        page("returns:joint", overview.annual_return),
        "Confirm",
    )


def _wait(overview):
    if overview.parts and _all(overview, Decision.SIGNED_OFF):
        return _signed_off(overview)
    if any(part.decision == Decision.SUBMITTED for part in overview.parts):
        return Step(
            f"With {director_of(overview.annual_return)} for sign-off",
            "You get a message once it is decided.",
        )
    collection = overview.annual_return.collection
    if collection.phase == Phase.REGISTRATION:
        opens = collection.entry_opens
        return Step("Set-up is done", f"Answers can be given from {opens:%-d %B}.")
    if collection.phase == Phase.CLOSED:
        return Step(
            "Data entry has closed",
            "What is not complete stays open only if the helpdesk gives you more time.",
        )
    return None


def _signed_off(overview):
    return Step(
        "Your return is signed off",
        "The profile is made from it; you can read it beside the figures of others.",
        page("reports:documents", overview.annual_return),
        "See the results",
    )


def _all(overview, decision):
    return all(part.decision == decision for part in overview.parts)

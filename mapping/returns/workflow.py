"""The life of a part, as a table. Pure: only ``actions.py`` writes ``decision``."""

from dataclasses import dataclass
from enum import StrEnum


class Progress(StrEnum):
    """How far the answers are; computed, never chosen."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETE = "complete"

    @property
    def label(self):
        return self.value.replace("_", " ").capitalize()


class Decision(StrEnum):
    """What people have decided about a part."""

    OPEN = "open"
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    SIGNED_OFF = "signed_off"

    @property
    def label(self):
        return self.value.replace("_", " ").capitalize()


class Action(StrEnum):
    SUBMIT = "submit"
    SEND_BACK = "send back"
    SIGN_OFF = "sign off"
    REOPEN = "reopen"


class WrongStatus(Exception):
    """The action leads nowhere from where the part stands; the message says why, for the person who tried."""


@dataclass(frozen=True)
class Transition:
    sources: frozenset[Decision]
    target: Decision
    needs: Progress | None = None


TRANSITIONS = {
    Action.SUBMIT: Transition(
        frozenset({Decision.OPEN, Decision.SENT_BACK}), Decision.SUBMITTED, needs=Progress.COMPLETE
    ),
    Action.SEND_BACK: Transition(frozenset({Decision.SUBMITTED}), Decision.SENT_BACK),
    Action.SIGN_OFF: Transition(frozenset({Decision.SUBMITTED}), Decision.SIGNED_OFF),
    Action.REOPEN: Transition(frozenset({Decision.SIGNED_OFF}), Decision.SENT_BACK),
}

# Decisions under which the answers of a part may change.
UNLOCKED = frozenset({Decision.OPEN, Decision.SENT_BACK})


def target_of(action, decision, progress=None):
    """The decision that ``action`` leads to from ``decision``; raises WrongStatus where it leads nowhere."""
    transition = TRANSITIONS[action]
    if decision not in transition.sources:
        raise WrongStatus(f"A part that is {Decision(decision).label.lower()} cannot be {_done(action)}.")
    if transition.needs and progress != transition.needs:
        raise WrongStatus(f"The part is not {transition.needs.label.lower()} yet.")
    return transition.target


def _done(action):
    return {
        Action.SUBMIT: "submitted",
        Action.SEND_BACK: "sent back",
        Action.SIGN_OFF: "signed off",
        Action.REOPEN: "reopened",
    }[action]


def progress_of(listed, started, complete):
    """The progress of a whole from its pieces: how many there are, have been started and are complete."""
    if listed and complete >= listed:
        return Progress.COMPLETE
    return Progress.IN_PROGRESS if started else Progress.NOT_STARTED

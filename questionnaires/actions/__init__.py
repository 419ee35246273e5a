"""Every write to answers and to who is asked for them."""

from questionnaires.actions.answers import (
    SAVED,
    Clash,
    Saved,
    StaleAnswers,
    confirm_cells,
    evaluate_again,
    merge_cells,
    open_response,
    record_summary,
    save_cells,
    why_closed,
)
from questionnaires.actions.delegations import (
    Asked,
    delegate,
    hand_over,
    note_opened,
    nudge,
    nudge_all,
    set_due_date,
    settle_invitation,
    take_back,
)

__all__ = [
    "SAVED",
    "Asked",
    "Clash",
    "Saved",
    "StaleAnswers",
    "confirm_cells",
    "delegate",
    "evaluate_again",
    "hand_over",
    "merge_cells",
    "note_opened",
    "nudge",
    "nudge_all",
    "open_response",
    "record_summary",
    "save_cells",
    "set_due_date",
    "settle_invitation",
    "take_back",
    "why_closed",
]

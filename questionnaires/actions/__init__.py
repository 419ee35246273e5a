"""Every write to answers and to who is asked for them."""

from questionnaires.actions.answers import (
    Clash,
    Saved,
    StaleAnswers,
    confirm_cells,
    merge_cells,
    save_cells,
    why_closed,
)
from questionnaires.actions.comparing import compare_after_commit, compare_with_services
from questionnaires.actions.crosschecks import check_across, check_stale_collections, explain_finding
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
from questionnaires.actions.opening import open_response, open_responses
from questionnaires.actions.rechecking import (
    evaluate_part_again,
    recheck_before_submitting,
    recheck_unlocked,
)
from questionnaires.actions.writing import (
    SAVED,
    Given,
    differing,
    evaluate_again,
    evaluate_organisation_again,
    evaluate_services_again,
    explanation_of,
    record_summary,
    stamped,
    summarise,
    take_in,
)

__all__ = [
    "SAVED",
    "Asked",
    "Clash",
    "Given",
    "Saved",
    "StaleAnswers",
    "check_across",
    "check_stale_collections",
    "compare_after_commit",
    "compare_with_services",
    "confirm_cells",
    "delegate",
    "differing",
    "evaluate_again",
    "evaluate_organisation_again",
    "evaluate_part_again",
    "evaluate_services_again",
    "explain_finding",
    "explanation_of",
    "hand_over",
    "merge_cells",
    "note_opened",
    "nudge",
    "nudge_all",
    "open_response",
    "open_responses",
    "recheck_before_submitting",
    "recheck_unlocked",
    "record_summary",
    "save_cells",
    "set_due_date",
    "settle_invitation",
    "stamped",
    "summarise",
    "take_back",
    "take_in",
    "why_closed",
]

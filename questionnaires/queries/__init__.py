"""What it takes to show, evaluate and save responses, read in as few statements as possible."""

from questionnaires.queries.earlier import NOTHING, Earlier, with_earlier
from questionnaires.queries.reading import (
    context_of,
    dates_of,
    definition_of,
    earlier_of,
    explanations_in_full,
    explanations_of,
    fields_of,
    key_of,
    listed_peers,
    outcodes,
    peer_of,
    questionnaire_of,
    responses,
)
from questionnaires.queries.visibility import (
    asked_of,
    section_to_open,
    visible_evaluation,
    visible_sections,
)

__all__ = [
    "NOTHING",
    "Earlier",
    "asked_of",
    "context_of",
    "dates_of",
    "definition_of",
    "earlier_of",
    "explanations_in_full",
    "explanations_of",
    "fields_of",
    "key_of",
    "listed_peers",
    "outcodes",
    "peer_of",
    "questionnaire_of",
    "responses",
    "section_to_open",
    "visible_evaluation",
    "visible_sections",
    "with_earlier",
]

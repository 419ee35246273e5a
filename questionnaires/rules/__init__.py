"""Checks across answers: from what was answered to what is wrong with it, or unusual.

A rule of a definition names one of these checks with its arguments. A check is a function of the case (the
answers as they count, see `case.Case`) and the question that carries the rule; it yields findings. A
figure that it needs and that is blank or special ends it quietly: such a rule is "not checkable", never
failed.

An argument that names cells is a reference: ``SVC-F01``, ``SVC-E01|nu_hv|wte`` or ``SVC-E01|*|wte``, the
sum of a column. Thresholds are settings of the collection.
"""

from questionnaires.rules import choices, figures, limits, modules, organisation, service, sums, tables, trust
from questionnaires.rules.base import (
    CHECKS,
    TELL,
    Check,
    Finding,
    NotCheckable,
    findings,
    in_force,
    is_number,
    plain,
    run,
    tunable,
)
from questionnaires.rules.everywhere import GLOBAL_RULES, global_rules, same_figures
from questionnaires.rules.thresholds import InvalidThresholds, Thresholds, read_thresholds

# importing them registers their checks
KINDS_OF_CHECKS = (choices, figures, limits, modules, organisation, service, sums, tables, trust)

__all__ = [
    "CHECKS",
    "GLOBAL_RULES",
    "TELL",
    "Check",
    "Finding",
    "InvalidThresholds",
    "NotCheckable",
    "Thresholds",
    "findings",
    "global_rules",
    "in_force",
    "is_number",
    "plain",
    "read_thresholds",
    "run",
    "same_figures",
    "tunable",
]

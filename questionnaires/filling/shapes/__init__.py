"""From a rule to answers that keep it: one function for each check whose figures or choices depend on others.

A shape takes the draft, the question that carries the rule and the rule's arguments, and changes what breaks it.
Where a figure it needs is blank or special it ends quietly, as the check does.
"""

from questionnaires.filling.shapes import choices, limits, staff, sums
from questionnaires.filling.shapes.base import SHAPES

KINDS_OF_SHAPES = (choices, limits, staff, sums)  # importing them registers their shapes

__all__ = ["SHAPES"]

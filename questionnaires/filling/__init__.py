"""Example answers to any questionnaire: plausible, complete, and within its hard rules.

Pure, like the evaluation it rests on. The demonstration, the sandbox and tests are filled by it.
"""

from questionnaires.filling.fill import Filled, fill
from questionnaires.filling.surroundings import Surroundings

__all__ = ["Filled", "Surroundings", "fill"]

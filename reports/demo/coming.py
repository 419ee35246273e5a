"""The collection after the present one, planned in the demonstration so that its questions can be tried."""

from mapping.returns.loading import load_collections
from questionnaires.loading import load_definitions
from reports.demo.places import FIXTURES


def plan_next_collection():
    """Add the coming collection, asking the definitions as they stand; nobody registers for it yet."""
    load_collections(FIXTURES)
    load_definitions()

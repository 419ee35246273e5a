"""Two organisations with one of everything."""

import pytest

from accounts.models import Role
from questionnaires.loading import load_definitions
from tests.factories import CollectionFactory
from tests.integration.walls.world import build
from tests.people import member


@pytest.fixture
def own(people, organisation):
    """Trafford with one of everything."""
    CollectionFactory()
    load_definitions()
    return build(organisation, CollectionFactory(), people["lead"], people["contributor"], "Quillhaven")


@pytest.fixture
def foreign(own, foreign_organisation, people):
    """Barnet with one of everything."""
    writer = member(foreign_organisation, Role.LEAD, "Nora Whitby")
    return build(foreign_organisation, CollectionFactory(), writer, people["outsider"], "Zephyrine")

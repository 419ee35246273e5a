"""Documents that one organisation shares with others: who may say so, and who may read."""

import pytest
from django.db import ProgrammingError, transaction

from accounts import tenancy
from reports.models import Document, DocumentKind, DocumentReader
from tests.factories import CollectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(organisation):
    with tenancy.scope(organisation):
        return Document.objects.create(
            organisation=organisation,
            collection=CollectionFactory(year=2009),
            kind=DocumentKind.LOCAL_AUTHORITY_PROFILE,
        )


def test_nobody_names_themselves_as_reader_of_what_is_anothers(document, foreign_organisation):
    with tenancy.scope(foreign_organisation):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            DocumentReader.objects.create(organisation=foreign_organisation, document=document)

        assert not Document.objects.filter(pk=document.pk).exists()


def test_the_owner_names_others_who_read_but_do_not_write(document, organisation, foreign_organisation):
    with tenancy.scope(organisation, foreign_organisation):
        DocumentReader.objects.create(organisation=foreign_organisation, document=document)

    with tenancy.scope(foreign_organisation):
        assert Document.objects.get(pk=document.pk) == document
        assert Document.objects.filter(pk=document.pk).update(failure="changed") == 0

"""Documents are asked for once, made once, told once, and opened by those who may; nothing is lost on the way."""

import hashlib
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import tenancy
from accounts.models import AuditEntry, Message, Organisation
from mapping.returns.models import ReturnEvent
from reports.documents import actions, store
from reports.models import Document, DocumentReader
from reports.profiles.render import RenderError
from reports.tasks import handle_return_event
from tests.integration.documents.conftest import sign_off_everything
from tests.people import sign_in

pytestmark = pytest.mark.django_db
Status = Document.Status


def documents_of(organisation):
    with tenancy.scope(organisation):
        return list(Document.objects.select_related("event").order_by("pk"))


def fresh(document):
    with tenancy.scope(document.organisation_id):
        return Document.objects.get(pk=document.pk)


def change(document, **fields):
    with tenancy.scope(document.organisation_id):
        Document.objects.filter(pk=document.pk).update(**fields)


@pytest.fixture
def draft(trafford, collection, its_lead):
    with tenancy.scope(trafford):
        return actions.ask_for_profile(trafford, collection, by=its_lead)


@pytest.fixture
def made(draft):
    actions.make_document(draft.pk, draft.organisation_id)
    return fresh(draft)


def deliver(organisation):
    """Handle every event of the return, as the worker does."""
    with tenancy.scope(organisation):
        events = list(ReturnEvent.objects.filter(organisation=organisation).values_list("pk", flat=True))
    for event in events:
        handle_return_event(event, organisation.pk)


# Asking


def test_asking_twice_gives_the_same_draft(draft, trafford, collection, its_lead):
    with tenancy.scope(trafford):
        again = actions.ask_for_profile(trafford, collection, by=its_lead)

    assert again == draft
    assert [one.status for one in documents_of(trafford)] == [Status.WAITING]


def test_another_draft_may_follow_once_one_is_made(made, trafford, collection, its_lead):
    with tenancy.scope(trafford):
        another = actions.ask_for_profile(trafford, collection, by=its_lead)

    assert another != made
    assert another.status == Status.WAITING


def test_draft_is_read_by_its_own_organisation_only(draft, trafford):
    with tenancy.scope(trafford):
        assert list(DocumentReader.objects.values_list("organisation", "document")) == [
            (trafford.pk, draft.pk)
        ]


def test_last_sign_off_asks_for_one_final_profile(trafford, collection, its_director):
    sign_off_everything(trafford, collection, by=its_director)
    deliver(trafford)
    deliver(trafford)

    [final] = documents_of(trafford)
    assert (final.is_draft, final.number, final.status) == (False, 1, Status.WAITING)
    assert final.event.kind == ReturnEvent.Kind.SIGNED_OFF


def test_sign_off_of_one_part_asks_for_nothing(trafford, collection, its_director):
    sign_off_everything(trafford, collection, by=its_director, kinds=["services"])
    deliver(trafford)

    assert documents_of(trafford) == []


def test_final_profile_waits_for_the_facts_of_all_parts(trafford, collection, its_director):
    sign_off_everything(trafford, collection, by=its_director)
    with tenancy.scope(trafford):
        first, last = ReturnEvent.objects.filter(kind=ReturnEvent.Kind.SIGNED_OFF).order_by("pk")

    handle_return_event(first.pk, trafford.pk)
    assert documents_of(trafford) == []

    handle_return_event(last.pk, trafford.pk)
    assert [one.event for one in documents_of(trafford)] == [last]


def test_return_that_is_signed_off_gives_its_final_profile_when_asked(
    trafford, collection, its_director, its_lead
):
    sign_off_everything(trafford, collection, by=its_director)
    deliver(trafford)

    with tenancy.scope(trafford):
        asked = actions.ask_for_profile(trafford, collection, by=its_lead)

    assert [asked] == documents_of(trafford)
    assert not asked.is_draft


def test_second_sign_off_is_the_second_release(trafford, collection, its_director, helpdesk):
    from mapping.returns.actions import reopen

    sign_off_everything(trafford, collection, by=its_director)
    deliver(trafford)
    with tenancy.scope(trafford):
        part = trafford.parts.get(collection=collection, kind="organisation")
        reopen(part, by=helpdesk, note="A wrong answer")
    sign_off_everything(trafford, collection, by=its_director, kinds=["organisation"])
    deliver(trafford)

    assert [one.number for one in documents_of(trafford)] == [1, 2]


# Making


def test_making_writes_one_file_and_its_hash(made):
    content = store.read(made.file)

    assert made.status == Status.MADE
    assert content.startswith(b"%PDF-")
    assert made.sha256 == hashlib.sha256(content).hexdigest()
    assert made.size == len(content)
    assert made.file.startswith(f"{made.organisation_id}/")


def test_making_again_does_nothing(made, settings):
    before = store.read(made.file)

    actions.make_document(made.pk, made.organisation_id)

    assert fresh(made).made_at == made.made_at
    assert [path.read_bytes() for path in settings.FILES_DIR.rglob("*.pdf")] == [before]


def test_lost_file_is_made_again_with_the_same_bytes(made, settings, client, its_lead):
    (settings.FILES_DIR / made.file).unlink()

    answer = sign_in(client, its_lead).get(address(made))
    assert answer.status_code == 302
    assert fresh(made).status == Status.WAITING

    actions.make_document(made.pk, made.organisation_id)
    assert fresh(made).sha256 == made.sha256
    assert (settings.FILES_DIR / made.file).exists()


def test_worker_takes_no_document_that_another_is_making(draft):
    actions.claim(draft.pk, draft.organisation_id)

    assert actions.claim(draft.pk, draft.organisation_id) is None


def test_worker_that_lost_its_claim_changes_nothing(draft):
    slow = actions.claim(draft.pk, draft.organisation_id)
    change(draft, heartbeat_at=timezone.now() - timedelta(minutes=5))
    quick = actions.claim(draft.pk, draft.organisation_id)

    actions.keep(slow, b"%PDF- of the slow one")
    assert fresh(draft).status == Status.MAKING

    actions.keep(quick, b"%PDF- of the quick one")
    assert store.read(fresh(draft).file) == b"%PDF- of the quick one"


def test_sweep_finds_what_waits_and_what_was_left(draft):
    assert actions.documents_due() == [(draft.pk, draft.organisation_id)]

    actions.claim(draft.pk, draft.organisation_id)
    assert actions.documents_due() == []

    change(draft, heartbeat_at=timezone.now() - timedelta(minutes=5))
    assert actions.documents_due() == [(draft.pk, draft.organisation_id)]


@pytest.fixture
def broken(monkeypatch):
    def refuse(document):
        raise RenderError("a picture without words")

    monkeypatch.setattr(actions, "render_pdf", refuse)


def test_failure_is_told_in_words_and_tried_again(broken, draft):
    with pytest.raises(RenderError):
        actions.make_document(draft.pk, draft.organisation_id)

    failed = fresh(draft)
    assert (failed.status, failed.attempts) == (Status.FAILED, 1)
    assert failed.failure == "The document could not be laid out from these figures."
    change(draft, heartbeat_at=timezone.now() - timedelta(minutes=2))
    assert actions.documents_due() == [(draft.pk, draft.organisation_id)]


def test_after_five_attempts_it_is_left_until_somebody_tries_it(broken, draft, client, its_lead):
    for _ in range(5):
        with pytest.raises(RenderError):
            actions.make_document(draft.pk, draft.organisation_id)
        change(draft, heartbeat_at=timezone.now() - timedelta(minutes=2))
    assert actions.documents_due() == []

    answer = sign_in(client, its_lead).post(address(draft, "try_document"))

    assert answer.status_code == 302
    assert (fresh(draft).status, fresh(draft).attempts) == (Status.WAITING, 0)


def test_document_that_kills_its_workers_is_given_up(draft):
    for _ in range(5):
        assert actions.claim(draft.pk, draft.organisation_id)
        change(draft, heartbeat_at=timezone.now() - timedelta(minutes=5))

    assert actions.claim(draft.pk, draft.organisation_id) is None
    assert fresh(draft).failure == "The job was interrupted again and again."


def test_half_written_file_never_has_a_name(draft, settings, monkeypatch):
    claimed = actions.claim(draft.pk, draft.organisation_id)

    def full_disk(source, target):
        raise OSError("no space left")

    monkeypatch.setattr(store.os, "replace", full_disk)
    with pytest.raises(OSError, match="no space"):
        actions.keep(claimed, b"%PDF-")

    assert [path for path in settings.FILES_DIR.rglob("*") if path.is_file()] == []
    assert fresh(draft).status == Status.MAKING


# Telling


def test_final_profile_is_told_once_to_leads_and_directors(trafford, collection, its_lead, its_director):
    sign_off_everything(trafford, collection, by=its_director)
    deliver(trafford)
    [final] = documents_of(trafford)

    actions.make_document(final.pk, trafford.pk)
    actions.make_document(final.pk, trafford.pk)

    with tenancy.scope(trafford):
        told = list(Message.objects.filter(key=f"document {final.pk}").values_list("email", flat=True))
    assert sorted(told) == sorted([its_lead.email, its_director.email])


def test_draft_is_told_to_whoever_asked(made, trafford, its_lead, its_director):
    with tenancy.scope(trafford):
        told = list(Message.objects.filter(key=f"document {made.pk}").values_list("email", flat=True))

    assert told == [its_lead.email]


# Pages


def address(document, name="document"):
    names = {"organisation": "trafford", "collection": "2009-10"}
    return reverse(f"reports:{name}", kwargs=names | ({"pk": document.pk} if document else {}))


@pytest.fixture
def organisation(trafford):
    """The cast belongs to the Trafford of the registers here."""
    return trafford


@pytest.fixture
def foreign_organisation(trafford):
    return Organisation.objects.get(code="E09000003")


@pytest.mark.parametrize(
    ("role", "code"),
    [
        ("lead", 200),
        ("director", 200),
        ("contributor", 403),
        ("outsider", 404),
        ("helpdesk", 403),
        ("visitor", 302),
    ],
)
def test_file_is_given_to_those_who_may_open_it(client, made, people_of_trafford, role, code):
    answer = sign_in(client, people_of_trafford[role]).get(address(made))

    assert answer.status_code == code
    assert (answer.content == store.read(made.file)) == (code == 200)


@pytest.fixture
def people_of_trafford(its_lead, its_director, contributor, outsider, helpdesk, visitor):
    return {
        "lead": its_lead,
        "director": its_director,
        "contributor": contributor,
        "outsider": outsider,
        "helpdesk": helpdesk,
        "visitor": visitor,
    }


def test_download_before_publication_is_logged(client, made, its_director, trafford):
    answer = sign_in(client, its_director).get(address(made))

    assert answer["Content-Disposition"] == (
        'attachment; filename="local-authority-profile-trafford-2009-10-draft.pdf"'
    )
    with tenancy.scope(trafford):
        line = AuditEntry.objects.get(what="downloaded a document")
    assert (line.user, line.detail) == (its_director, {"document": made.pk})


def test_lead_asks_for_a_draft_and_sees_how_far_it_is(client, trafford, collection, its_lead):
    sign_in(client, its_lead)

    page = client.post(address(None, "ask_draft"), follow=True)

    [draft] = documents_of(trafford)
    assert "Your draft profile is being made" in page.text
    assert '<meta http-equiv="refresh" content="10">' in page.text
    piece = client.get(address(draft, "document_status"), headers={"HX-Request": "true"})
    assert "It waits for a free worker." in piece.text
    assert "<html" not in piece.text


def test_page_loads_again_once_the_document_is_made(client, made, its_lead):
    sign_in(client, its_lead)

    piece = client.get(address(made, "document_status"), headers={"HX-Request": "true"})

    assert piece["HX-Refresh"] == "true"
    assert address(made) in client.get(address(None, "documents")).text


def test_director_reads_results_but_asks_for_nothing(client, trafford, collection, its_director):
    sign_in(client, its_director)

    assert client.get(address(None, "documents")).status_code == 200
    assert client.post(address(None, "ask_draft")).status_code == 403
    assert documents_of(trafford) == []


def test_results_page_runs_the_same_queries_for_many_documents(
    client, made, trafford, collection, its_lead, django_assert_max_num_queries
):
    with tenancy.scope(trafford):
        for number in range(3):
            one = Document.objects.create(
                organisation=trafford,
                collection=collection,
                kind=made.kind,
                status=Status.MADE,
                number=number,
                size=9,
            )
            DocumentReader.objects.create(organisation=trafford, document=one)
    sign_in(client, its_lead)

    with django_assert_max_num_queries(20):
        page = client.get(address(None, "documents"))

    assert "Earlier documents" in page.text

"""Two organisations with one of everything each: what a wall that leaks would let through.

Whatever people can read of an object carries the mark of its organisation, a word that is nowhere else.
"""

from dataclasses import dataclass, field

from django.utils import timezone

from accounts import tenancy
from accounts.models import OrganisationRequest, Registration, Role, Succession, hash_of
from mapping.returns import actions
from mapping.returns.models import Department, Locality, PartKind, ServiceImport
from questionnaires.actions import open_response, save_cells
from questionnaires.models import CheckJob, Delegation, Finding, Pin, Response
from reports.documents import store
from reports.models import Document, DocumentKind, DocumentReader
from tests.factories import (
    AnnualReturnFactory,
    CollectionFactory,
    InvitationFactory,
    MembershipFactory,
    MessageFactory,
    OrganisationFactory,
    PartFactory,
    RegistrationFactory,
    ServiceEntryFactory,
    UserFactory,
)

FILE = "Name,Description\n{mark} club,For teenagers who look after somebody at home\n"
MISSING = 987654321  # no row has this key


@dataclass
class World:
    """What one organisation has. ``objects``: what a page names in its address, by the name used in ``PAGES``."""

    organisation: object
    mark: str
    objects: dict = field(default_factory=dict)

    def objects_for(self, *names):
        return {name: self.objects[name] for name in names}


def build(organisation, collection, lead, contributor, mark):
    """Give ``organisation`` one of everything, each named with ``mark``; ``lead`` may be any member who wrote it."""
    public = {"code": "T01", "format": "csv", "collection": collection, "key": "service"}
    public |= {"guise": "local-authority", "sheet": "childrens_trust"}
    public |= {"question": "SVC-F01", "rule": "F-S1", "to": "off", "job": _tried(collection).pk}
    world = World(organisation, mark, {"organisation": organisation.slug, **public})
    _be_asked(world, collection)
    with tenancy.scope(organisation):
        annual_return = actions.open_return(organisation, collection)
        _list_services(world, annual_return, lead)
        _answer(world, annual_return, lead, contributor)
        _make_documents(world, annual_return, lead)
        _bring_people(world, lead)
    _take_over(world, collection)
    return world


def _take_over(world, collection):
    """A predecessor with answers about a service in the collection before."""
    before = CollectionFactory(year=collection.year - 1)
    pin, _ = Pin.objects.get_or_create(
        collection=before,
        key="service",
        part_kind=PartKind.SERVICES,
        definition_version=collection.pins.get(key="service").definition_version,
        respondents=[],
    )
    county = OrganisationFactory(on_register=[before.year])
    Succession.objects.create(predecessor=county, successor=world.organisation, year=collection.year)
    annual_return = AnnualReturnFactory(organisation=county, collection=before)
    part = PartFactory(annual_return=annual_return)
    entry = ServiceEntryFactory(annual_return=annual_return, name=f"{world.mark} county team")
    cells = {"SVC-A05": {"v": f"{world.mark} described before", "o": "typed"}}
    with tenancy.scope(county):
        Response.objects.create(organisation=county, part=part, pin=pin, service_entry=entry, cells=cells)
    world.objects |= {"inherited_entry": entry.pk}


def _tried(collection):
    """A threshold that was tried on the answers of the collection before; it names nobody."""
    return CheckJob.objects.create(
        collection=collection,
        kind=CheckJob.Kind.TRIAL,
        question="SVC-F01",
        rule="F-S1",
        tried={"change_share": "0.4", "change_least": 10},
        status=CheckJob.Status.DONE,
        finished_at=timezone.now(),
        state={
            "asked": 1,
            "checkable": 1,
            "today": 1,
            "tried": 0,
            "values": [["08", "300", "141", True, False]],
        },
    )


def _list_services(world, annual_return, lead):
    news = [actions.NewService(f"{world.mark} {name}", "08", {}) for name in ("outreach team", "night team")]
    entry, other = actions.add_services(annual_return, news, by=lead)
    for model in (Department, Locality):
        model.objects.create(organisation=world.organisation, name=f"{world.mark} {model.__name__.lower()}")
    upload = ServiceImport.objects.create(
        organisation=world.organisation,
        collection=annual_return.collection,
        by=lead,
        file_name=f"{world.mark}.csv",
        content=FILE.format(mark=world.mark).encode(),
    )
    world.objects |= {
        "entry": entry.pk,
        "other_entry": other.pk,
        "service_import": upload.pk,
        "kind": "services",
    }


def _be_asked(world, collection):
    """A joint service of a third organisation that names this one as a partner."""
    asking = OrganisationFactory()
    with tenancy.scope(asking):
        annual_return = actions.open_return(asking, collection)
        joint = [{"organisation": world.organisation.code, "part": "Two nurses"}]
        new = actions.NewService(f"{world.mark} joint team", "08", {"joint_with": joint})
        (entry,) = actions.add_services(annual_return, [new], by=UserFactory())
        world.objects["joint"] = entry.joint_requests.get().pk


def _answer(world, annual_return, lead, contributor):
    collection = annual_return.collection
    part = annual_return.parts.get(kind=PartKind.SERVICES)
    entry = annual_return.service_entries.get(pk=world.objects["entry"])
    response = open_response(part, collection.pins.get(key="service"), by=lead, service_entry=entry)
    response, _ = save_cells(
        response, {"SVC-A05": {"v": f"{world.mark} described"}}, seen_version=response.version, by=lead
    )
    finding = Finding.objects.create(
        organisation=world.organisation,
        response=response,
        rule="A-H5",
        cell="SVC-A01",
        message=f"{world.mark} may be listed twice",
        first_seen=timezone.now(),
    )
    delegation = Delegation.objects.create(
        organisation=world.organisation,
        annual_return=annual_return,
        response=response,
        to=contributor,
        by=lead,
    )
    world.objects |= {"response": response.pk, "delegation": delegation.pk, "section": "A"}
    world.objects["finding"] = finding.pk
    pin = collection.pins.get(key="childrens_trust")
    trust = open_response(annual_return.parts.get(kind=PartKind.ORGANISATION), pin, by=lead)
    world.objects |= {"trust_response": trust.pk, "questionnaire": pin.key}


def _make_documents(world, annual_return, lead):
    file = f"{world.organisation.pk}/documents/{world.mark}.pdf"
    store.write(file, f"%PDF {world.mark}".encode())
    made = {"status": Document.Status.MADE, "file": file, "made_at": timezone.now(), "size": 20}
    failed = {"status": Document.Status.FAILED, "failure": f"{world.mark} went wrong", "is_draft": True}
    for name, state in {"document": made, "failed_document": failed}.items():
        document = Document.objects.create(
            organisation=world.organisation,
            collection=annual_return.collection,
            kind=DocumentKind.LOCAL_AUTHORITY_PROFILE,
            asked_by=lead,
            **state,
        )
        DocumentReader.objects.create(organisation=world.organisation, document=document)
        world.objects[name] = document.pk


def _bring_people(world, lead):
    """A further member, an invitation, registrations, a message, a director who waits.

    A request for the register too; it belongs to no organisation, so it carries no mark.
    """
    organisation, mark = world.organisation, world.mark
    token = f"token-of-{mark}"
    invitation = InvitationFactory(
        organisation=organisation, name=f"{mark} guest", token_hash=hash_of(token), invited_by=lead
    )
    waiting = RegistrationFactory(organisation=organisation, user=UserFactory(name=f"{mark} candidate"))
    referred = RegistrationFactory(
        organisation=organisation,
        user=UserFactory(name=f"{mark} colleague"),
        status=Registration.Status.REFERRED,
    )
    member = MembershipFactory(
        organisation=organisation, user=UserFactory(name=f"{mark} member"), role=Role.DEPUTY
    )
    director = MembershipFactory(
        organisation=organisation, user=UserFactory(name=f"{mark} director"), role=Role.DIRECTOR
    )
    message = MessageFactory(organisation=organisation, recipient=lead, subject=f"{mark} happened")
    request = OrganisationRequest.objects.create(
        user=UserFactory(), name="Hospice at home", kind="other", post="Manager", note="It helps."
    )
    world.objects |= {
        "member_user": member.user_id,
        "token": token,
        "invitation": invitation.pk,
        "registration": waiting.pk,
        "referred": referred.pk,
        "membership": member.pk,
        "waiting_director": director.pk,
        "message": message.pk,
        "request": request.pk,
    }

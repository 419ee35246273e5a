"""What organisations do together, and where the answers of two of them do not agree.

Joint services with what the partners say about them, services that two organisations list, and answers that the rules
across organisations find something in. Organisations are named by their slugs; those of whom only one takes part in a
small demonstration tell their own half.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from accounts import tenancy
from accounts.models import Organisation, PCTCoverage
from mapping.returns.actions import NewService, answer_joint_request, edit_entry
from mapping.returns.models import JointRequest
from questionnaires.actions import check_across, explain_finding
from questionnaires.models import Finding
from questionnaires.queries import key_of
from reports.demo.days import on
from reports.demo.services import Kind

EARLY, RECENTLY = date(2009, 12, 1), date(2010, 1, 7)
REPLIED, CHECKED, EXPLAINED = date(2009, 12, 9), date(2010, 1, 12), date(2010, 1, 13)


@dataclass(frozen=True)
class Joint:
    """A service that an organisation lists as joint with a partner.

    takes_part: what the partner says; None while it has not answered.
    """

    of: str
    name: str
    partner: str
    part: str
    asked: date = EARLY
    takes_part: bool | None = None


TRAFFORD_TRUST = "trafford-healthcare-nhs-trust"
KIRKLEES_TRUST = "calderdale-and-huddersfield-nhs-foundation-trust"
JOINT = (
    Joint("trafford", "Primary mental health team", "trafford-pct", "Two of the workers", RECENTLY),
    Joint("trafford", "Parenting programmes", "trafford-pct", "Health visitors lead groups", RECENTLY),
    Joint("trafford", "Teenage pregnancy support", "trafford-pct", "A midwife", takes_part=True),
    Joint("trafford", "Counselling in schools", "trafford-pct", "A psychologist", takes_part=False),
    Joint("trafford", "Short breaks for disabled children", TRAFFORD_TRUST, "Nurses", takes_part=True),
    Joint("trafford-pct", "Nurse for looked after children", "trafford", "The office", RECENTLY),
    Joint(TRAFFORD_TRUST, "Community paediatrics", "trafford", "Reports", takes_part=True),
    Joint("kirklees", "Young carers project", "kirklees-pct", "A nurse", takes_part=False),
    Joint("kirklees", "Teenage pregnancy support", "kirklees-pct", "A midwife", takes_part=True),
    Joint("kirklees", "Short breaks for disabled children", KIRKLEES_TRUST, "Nurses"),
    Joint("gateshead", "Short breaks for disabled children", "gateshead-pct", "Nurses"),
    Joint("gateshead", "Primary mental health team", "gateshead-pct", "Two of the workers", takes_part=True),
)
# Services of a PCT that an authority lists as well: (authority, PCT) and the service.
NURSE = Kind("Nurse for looked after children", "25", "25.07")
THERAPY = Kind("Speech and language therapy for children", "17", "17.09")
LISTED_TWICE = {("gateshead", "gateshead-pct"): NURSE, ("kirklees", "kirklees-pct"): THERAPY}
# Ratings of NI 51 that nothing mapped for the area supports, scores that are not those of the authority, and a needs
# assessment that only one side says was done together: organisation -> questionnaire -> answers.
NOT_WITH_THE_PCT = {"childrens_trust": {"CTQC4": ["la", "public_health"]}}
ADMITTED = {"PCTC05": "yes", "PCTC13||admissions": 3, "PCTC13||days": 41}
SCORES = {f"PCTC14|{row}|score": "2" for row in "abcd"}
SAID = {
    "gateshead": {"ni51": {"NI51b": "4"}, **NOT_WITH_THE_PCT},
    "gateshead-pct": {"pct_commissioner": {**ADMITTED, **SCORES}},
    "kirklees": {"ni51": {"NI51a": "4", "NI51b": "4"}, **NOT_WITH_THE_PCT},
    "kirklees-pct": {"pct_commissioner": {**ADMITTED, **SCORES}},
    "bolton": {"ni51": {"NI51a": "4"}},
    "bury": {"ni51": {"NI51c": "4"}},
    "wigan": {"ni51": {"NI51c": "4"}},
    "salford": {"ni51": {"NI51d": "4"}},
    "stockport": {"ni51": {"NI51c": "4", "NI51d": "4"}},
}
# What the lead says about a finding of a rule; of others of that rule nobody has said anything yet.
WHY = {
    ("gateshead", "A-H5"): "The nurse works for the PCT, which enters the service. We close ours next year.",
    ("bolton", "NI-S1"): "The service is provided from Salford and serves our area by contract.",
    ("wigan", "NI-S3"): "The mental health trust covers us. It has not submitted yet.",
    ("salford", "NI-S4"): "Early help is given by school nurses, who are mapped in another category.",
    ("kirklees-pct", "PCTC14"): "The scores are those of September; the ratings were agreed in November.",
    ("gateshead-pct", "PCTC05"): "The PCT joined when the assessment was brought up to date in the autumn.",
    ("gateshead", "NI-S2"): "All three were placed far from home by others and came back within a day.",
    ("gateshead", "A09"): "The lead of the PCT is away until February, and has said yes by telephone.",
}


def said_by(organisation):
    """What an organisation is to answer: key of a questionnaire -> cells to stored JSON."""
    said = SAID.get(organisation.slug, {})
    return {key: {cell: {"v": value} for cell, value in cells.items()} for key, cells in said.items()}


def partners_in(authority):
    """The codes of the NHS organisations that an authority commissions with: its PCTs and trusts at home there."""
    pcts = Q(pk__in=PCTCoverage.objects.filter(authority=authority).values("pct"))
    trusts = Q(pk__in=Organisation.objects.nhs_trusts().filter(headquarters_authority=authority))
    return [
        key_of(organisation) for organisation in Organisation.objects.filter(pcts | trusts).order_by("code")
    ]


# Lists


def list_together(member, collection, lists):
    """Put on a member's list what another organisation lists too, and name the partners of its joint services."""
    annual_return, _ = lists.returns[member.slug, collection.year]
    listed = lists.entries[member.slug, collection.year]
    for (authority, pct), kind in LISTED_TWICE.items():
        if authority == member.slug:
            provider = Organisation.objects.get(slug=pct)
            new = NewService(kind.name, kind.category, {"provider": provider, "sector": "nhs"})
            listed += lists.added(annual_return, [new], [kind], by=member.cast.lead)
    by_name = {entry.name: entry for entry in listed if not entry.is_gone}
    for joint in JOINT:
        if joint.of == member.slug:
            partner = Organisation.objects.get(slug=joint.partner)
            with on(joint.asked):
                row = {"organisation": key_of(partner), "part": joint.part}
                edit_entry(by_name[joint.name], {"joint_with": [row]}, by=member.cast.lead)


def place_of(member, entry):
    """What changes the answers about a service that two organisations list: both work from the same place; or None."""
    for pair, kind in LISTED_TWICE.items():
        if member.slug in pair and entry.name == kind.name:
            return lambda given: given.update(
                {"SVC-D01|r1|postcode": {"v": f"{member.area.outcodes[0]} 1ZZ"}}
            )
    return None


# Answers of partners


def reply(members, collection):
    """What partners say of the joint services that they were asked about."""
    by_slug = {member.slug: member for member in members}
    for joint in JOINT:
        partner = by_slug.get(joint.partner)
        if joint.takes_part is None or partner is None or joint.of not in by_slug:
            continue
        request = JointRequest.objects.get(
            organisation__slug=joint.of, name=joint.name, partner__slug=joint.partner, collection=collection
        )
        with on(REPLIED):
            answer_joint_request(request, takes_part=joint.takes_part, part=joint.part, by=partner.cast.lead)


# Findings


def check_and_explain(members, collection):
    """Run the rules across organisations, and let some leads say why a finding is right; needs no scope."""
    with on(CHECKED):
        check_across(collection)
    for member in members:
        with tenancy.scope(member.organisation), on(EXPLAINED):
            for finding in Finding.objects.filter(organisation=member.organisation, gone_at=None):
                if why := WHY.get((member.slug, finding.rule)):
                    explain_finding(finding, why, by=member.cast.lead)

"""Seeds each year's Children's Trusts and CAMHS partnerships; people edit them from there."""

from collections import defaultdict

from accounts.loading.upsert import Outcome
from accounts.models.registers import (
    MemberBasis,
    Organisation,
    OrganisationYear,
    Partnership,
    PartnershipKind,
    PartnershipMember,
    PCTCoverage,
    Succession,
)

NAMES = {
    PartnershipKind.CHILDRENS_TRUST: "{} Children's Trust",
    PartnershipKind.CAMHS: "{} CAMHS partnership",
}


def seed_partnerships():
    """Make the partnerships that are missing: one of each kind for every authority and year on the register.

    A partnership that exists is left as it is, members too, because people may have edited it.
    Returns the Outcomes of partnerships and of their members.
    """
    register = _register()
    there = {(p.kind, p.authority_id, p.year): p for p in Partnership.objects.all()}
    missing = [
        Partnership(kind=kind, authority=authority, year=year, name=name.format(authority.name))
        for year, authority in register["authorities"]
        for kind, name in NAMES.items()
        if (kind, authority.pk, year) not in there
    ]
    Partnership.objects.bulk_create(missing)
    members_there = PartnershipMember.objects.count()
    members = [member for partnership in missing for member in _members(partnership, register)]
    PartnershipMember.objects.bulk_create(members, batch_size=1000)
    return [
        Outcome("partnerships", added=len(missing), unchanged=len(there)),
        Outcome("members of partnerships", added=len(members), unchanged=members_there),
    ]


def _register():
    """Who is on the register in each year, and who serves each authority and why."""
    years = OrganisationYear.objects.filter(on_register=True).select_related("organisation")
    on_register = [(row.year, row.organisation) for row in years]
    return {
        "authorities": [(year, found) for year, found in on_register if found.is_local_authority],
        "present": {(year, found.pk) for year, found in on_register},
        "serving": _serving(),
    }


def _serving():
    """Authority id -> list of (organisation id, basis): PCTs that cover it, trusts with headquarters in it.

    An abolished authority is served by those that serve its successors, as its area is theirs.
    """
    serving = defaultdict(list)
    for pct, authority in PCTCoverage.objects.order_by("pct__code").values_list("pct_id", "authority_id"):
        serving[authority].append((pct, MemberBasis.COVERS))
    trusts = Organisation.objects.nhs_trusts().exclude(headquarters_authority=None).order_by("code")
    for trust, authority in trusts.values_list("pk", "headquarters_authority_id"):
        serving[authority].append((trust, MemberBasis.HEADQUARTERS))
    abolished = Succession.objects.filter(predecessor__kind="local_authority")
    for predecessor, successor in abolished.values_list("predecessor_id", "successor_id"):
        serving[predecessor] += serving[successor]
    return serving


def _members(partnership, register):
    """The rows of a new partnership: its authority, and those serving it that were there in that year."""
    found = {partnership.authority_id: MemberBasis.AUTHORITY}
    for organisation, basis in register["serving"][partnership.authority_id]:
        if (partnership.year, organisation) in register["present"]:
            found.setdefault(organisation, basis)
    return [
        PartnershipMember(partnership=partnership, organisation_id=organisation, basis=basis)
        for organisation, basis in found.items()
    ]

"""Who acts in the demonstration: the accounts that can sign in, and invented colleagues who cannot."""

from dataclasses import dataclass, field

import yaml
from django.utils import timezone

from accounts.models import EmailDomain, Membership, Role, User
from questionnaires.filling.draw import lot
from reports.demo.places import FIXTURES


@dataclass
class Cast:
    """The people of one organisation."""

    lead: User
    director: User
    contributors: list[User] = field(default_factory=list)


def load_cast(members, seed):
    """Give each member its Cast: those of its people who can sign in, and invented colleagues."""
    names = yaml.safe_load((FIXTURES / "names.yaml").read_text(encoding="utf-8"))
    for member in members:
        member.cast = _cast(member, names, seed)
        _register_domains(member)


def _register_domains(member):
    """The mail domains of the invented people approve whoever registers with them."""
    cast = member.cast
    for domain in {
        person.email.rpartition("@")[2] for person in (cast.lead, cast.director, *cast.contributors)
    }:
        EmailDomain.objects.get_or_create(domain=domain, defaults={"organisation": member.organisation})


def _cast(member, names, seed):
    found = Membership.objects.filter(organisation=member.organisation, ended_at=None).select_related("user")
    present = {membership.role: membership.user for membership in found.order_by("-pk")}
    people = _Invented(member, names, lot(seed, member.slug, "people"))
    contributors = [m.user for m in found.filter(role__in=[Role.CONTRIBUTOR, Role.DEPUTY]).order_by("pk")]
    return Cast(
        lead=present.get(Role.LEAD) or people.join(Role.LEAD),
        director=present.get(Role.DIRECTOR) or people.join(Role.DIRECTOR),
        contributors=contributors + [people.join(Role.CONTRIBUTOR) for _ in range(3)],
    )


class _Invented:
    """Makes people for one organisation, no two of one name; nobody can sign in as them."""

    def __init__(self, member, names, rng):
        self.member, self.posts = member, names["posts"]
        first, last = names["first"], names["last"]
        self.names = zip(rng.sample(first, len(first)), rng.sample(last, len(last)), strict=True)

    def join(self, role):
        organisation = self.member.organisation
        first, last = next(self.names)
        user = User(email=f"{first}.{last}@{self.member.slug}.example".lower(), name=f"{first} {last}")
        user.set_unusable_password()
        user.save()
        post = "chief" if role == Role.DIRECTOR and not organisation.is_local_authority else role.value
        Membership.objects.create(
            user=user,
            organisation=organisation,
            role=role,
            post=self.posts[post],
            confirmed_at=timezone.now() if role == Role.DIRECTOR else None,
        )
        return user

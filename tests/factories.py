"""One valid row each; whoever needs more says so. Rows of organisations are written in their own scope."""

from datetime import date

import factory
from allauth.account.models import EmailAddress
from factory.django import DjangoModelFactory

from accounts import models, tenancy
from mapping.returns import models as returns

INVITATION_TOKEN = "token-of-the-test"


class OrganisationRowFactory(DjangoModelFactory):
    """A factory of rows behind the wall: it opens the scope of the row's organisation."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        with tenancy.scope(kwargs["organisation"]):
            return super()._create(model_class, *args, **kwargs)


# -- accounts --------------------------------------------------------------------------------------


class RegionFactory(DjangoModelFactory):
    class Meta:
        model = models.Region
        django_get_or_create = ("slug",)

    name = "North West"
    slug = factory.LazyAttribute(lambda region: region.name.lower().replace(" ", "-"))
    gss_code = factory.Sequence(lambda n: f"E12{n:06d}")
    order = factory.Sequence(lambda n: n)


class OrganisationFactory(DjangoModelFactory):
    """A metropolitan authority of the North West, on the register of 2009/10."""

    class Meta:
        model = models.Organisation
        skip_postgeneration_save = True

    kind = models.OrganisationKind.LOCAL_AUTHORITY
    name = factory.Sequence(lambda n: f"Authority {n}")
    slug = factory.LazyAttribute(lambda organisation: organisation.name.lower().replace(" ", "-"))
    code = factory.Sequence(lambda n: f"E08{n + 1000:06d}")  # no code of a real authority
    region = factory.SubFactory(RegionFactory)
    la_type = models.LocalAuthorityType.METROPOLITAN

    @factory.post_generation
    def on_register(organisation, create, years, **kwargs):
        """``on_register=[2008, 2009]`` sets the years; none for a voluntary provider."""
        default = [] if organisation.kind == models.OrganisationKind.VOLUNTARY else [2009]
        for year in default if years is None else years:
            models.OrganisationYear.objects.create(
                organisation=organisation, year=year, on_register=True, la_type=organisation.la_type
            )


class PCTFactory(OrganisationFactory):
    kind = models.OrganisationKind.PCT
    name = factory.Sequence(lambda n: f"Number {n} PCT")
    code = factory.Sequence(lambda n: f"5{n:02d}")
    la_type = ""


class NHSTrustFactory(OrganisationFactory):
    kind = models.OrganisationKind.NHS_TRUST
    name = factory.Sequence(lambda n: f"Trust {n}")
    code = factory.Sequence(lambda n: f"R{n:02d}")
    la_type = ""
    trust_kind = models.TrustKind.ACUTE


class VoluntaryProviderFactory(OrganisationFactory):
    kind = models.OrganisationKind.VOLUNTARY
    name = factory.Sequence(lambda n: f"Charity {n}")
    code = None
    la_type = ""


class UserFactory(DjangoModelFactory):
    """A person with a confirmed address; ``confirmed=False`` leaves it unconfirmed."""

    class Meta:
        model = models.User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@council.example")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return model_class.objects.create_user(kwargs.pop("email"), kwargs.pop("password", None), **kwargs)

    @factory.post_generation
    def confirmed(user, create, confirmed, **kwargs):
        EmailAddress.objects.create(
            user=user, email=user.email, primary=True, verified=True if confirmed is None else confirmed
        )


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = models.Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = models.Role.LEAD


class InvitationFactory(OrganisationRowFactory):
    """An open invitation that ``INVITATION_TOKEN`` opens."""

    class Meta:
        model = models.Invitation

    organisation = factory.SubFactory(OrganisationFactory)
    email = "invited@council.example"
    role = models.Role.CONTRIBUTOR
    token_hash = models.hash_of(INVITATION_TOKEN)
    invited_by = factory.SubFactory(UserFactory)


class RegistrationFactory(OrganisationRowFactory):
    class Meta:
        model = models.Registration

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.SubFactory(UserFactory)
    post = "Performance manager"
    status = models.Registration.Status.WAITING


class MessageFactory(OrganisationRowFactory):
    class Meta:
        model = models.Message

    organisation = factory.SubFactory(OrganisationFactory)
    recipient = factory.SubFactory(UserFactory)
    email = factory.LazyAttribute(lambda message: message.recipient.email)
    subject = "Something happened"
    body = "Here is what happened."


# -- mapping.returns -------------------------------------------------------------------------------


class CollectionFactory(DjangoModelFactory):
    """The collection of ``year`` (2009/10): the frozen day is in its data entry."""

    class Meta:
        model = returns.Collection
        django_get_or_create = ("year",)

    year = 2009
    registration_opens = factory.LazyAttribute(lambda collection: date(collection.year, 10, 1))
    entry_opens = factory.LazyAttribute(lambda collection: date(collection.year, 11, 1))
    census_date = factory.LazyAttribute(lambda collection: date(collection.year, 11, 30))
    entry_closes = factory.LazyAttribute(lambda collection: date(collection.year + 1, 2, 28))


class AnnualReturnFactory(OrganisationRowFactory):
    class Meta:
        model = returns.AnnualReturn

    organisation = factory.SubFactory(OrganisationFactory)
    collection = factory.SubFactory(CollectionFactory)


class PartFactory(OrganisationRowFactory):
    """The services part; organisation and collection are those of its return."""

    class Meta:
        model = returns.Part

    annual_return = factory.SubFactory(AnnualReturnFactory)
    organisation = factory.SelfAttribute("annual_return.organisation")
    collection = factory.SelfAttribute("annual_return.collection")
    kind = returns.PartKind.SERVICES


class ServiceFactory(OrganisationRowFactory):
    class Meta:
        model = returns.Service

    organisation = factory.SubFactory(OrganisationFactory)
    reference = factory.Sequence(lambda n: f"S{n:04d}")


class ServiceEntryFactory(OrganisationRowFactory):
    """A service listed in a return, in the category of tier 2 CAMHS."""

    class Meta:
        model = returns.ServiceEntry

    annual_return = factory.SubFactory(AnnualReturnFactory)
    organisation = factory.SelfAttribute("annual_return.organisation")
    collection = factory.SelfAttribute("annual_return.collection")
    service = factory.SubFactory(ServiceFactory, organisation=factory.SelfAttribute("..organisation"))
    name = factory.Sequence(lambda n: f"Service {n}")
    category = "08"

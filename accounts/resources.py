"""The registers as tables in and out of the admin; errors are worded for the person who made the file."""

from import_export import fields, resources, widgets

from accounts.loading.rows import yes_no_unknown
from accounts.models.registers import (
    EmailDomain,
    Organisation,
    OrganisationYear,
    PCTCoverage,
    Population,
    PostcodeArea,
    Succession,
)


class OrganisationByCode(widgets.Widget):
    """An organisation as its GSS or ODS code; an empty cell is None."""

    def clean(self, value, row=None, **kwargs):
        if not value:
            return None
        try:
            return Organisation.objects.get(code=value.strip())
        except Organisation.DoesNotExist:
            raise ValueError(f"no organisation on the register has the code {value}") from None

    def render(self, value, obj=None, **kwargs):
        return value.code or value.slug if value else ""


class YesNoUnknown(widgets.Widget):
    """A flag as yes or no; empty where it is not known."""

    def clean(self, value, row=None, **kwargs):
        return yes_no_unknown((value or "").strip().lower())

    def render(self, value, obj=None, **kwargs):
        return {True: "yes", False: "no", None: ""}[value]


class WholeNumber(widgets.Widget):
    """A number of persons, or a year."""

    def clean(self, value, row=None, **kwargs):
        if not str(value or "").strip().isdecimal():
            raise ValueError(f"{value!r} is not a whole number")
        return int(value)


def _organisation(attribute):
    return fields.Field(attribute, attribute, widget=OrganisationByCode())


def _flag(attribute):
    return fields.Field(attribute, attribute, widget=YesNoUnknown())


def _number(attribute):
    return fields.Field(attribute, attribute, widget=WholeNumber())


class RegisterResource(resources.ModelResource):
    """Rows known by their codes: written in bulk, checked by the model, left alone where nothing changed."""

    class Meta:
        use_bulk = True
        skip_unchanged = True
        report_skipped = False
        clean_model_instances = True
        exclude = ("id",)

    def after_import(self, dataset, result, **kwargs):
        """Leave out the reset of sequences: files bring no numbers of rows, and the role may not do it."""


class OrganisationResource(resources.ModelResource):
    """Export only: organisations come from the reference files, or from an invitation."""

    class Meta:
        model = Organisation
        fields = (
            "code",
            "slug",
            "kind",
            "name",
            "official_name",
            "la_type",
            "trust_kind",
            "region__name",
            "note",
        )


class OrganisationYearResource(RegisterResource):
    organisation = _organisation("organisation")
    year = _number("year")
    on_register = _flag("on_register")
    commissioner = _flag("commissioner")
    child_health_provider = _flag("child_health_provider")
    camhs_provider = _flag("camhs_provider")

    class Meta:
        model = OrganisationYear
        import_id_fields = ("organisation", "year")


class EmailDomainResource(RegisterResource):
    organisation = _organisation("organisation")
    shared = _flag("shared")

    class Meta:
        model = EmailDomain
        import_id_fields = ("domain",)


class PopulationResource(RegisterResource):
    authority = _organisation("authority")
    year = _number("year")
    persons = _number("persons")

    class Meta:
        model = Population
        import_id_fields = ("authority", "year", "age_band")


class PCTCoverageResource(RegisterResource):
    pct = _organisation("pct")
    authority = _organisation("authority")

    class Meta:
        model = PCTCoverage
        import_id_fields = ("pct", "authority")


class SuccessionResource(RegisterResource):
    predecessor = _organisation("predecessor")
    successor = _organisation("successor")
    year = _number("year")

    class Meta:
        model = Succession
        import_id_fields = ("predecessor", "successor")


class PostcodeAreaResource(resources.ModelResource):
    """Export only: the shares are worked out from a directory of every postcode."""

    main_authority = _organisation("main_authority")

    class Meta:
        model = PostcodeArea
        exclude = ("id",)

"""The national team's tables of the registers and of staff accounts; never an organisation's own rows."""

from django import forms
from django.contrib import admin, messages
from django.shortcuts import redirect
from import_export.admin import ExportMixin, ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX

from accounts import resources
from accounts.actions import record
from accounts.models import User
from accounts.models.registers import (
    EmailDomain,
    Hexagon,
    Organisation,
    OrganisationYear,
    Partnership,
    PartnershipMember,
    PCTCoverage,
    Population,
    PostcodeArea,
    Region,
    StrategicHealthAuthority,
    Succession,
)
from accounts.permissions import Permission, may


class NationalTeamOnly:
    """Who may change registers may do so in the admin; Django's own permissions are not used."""

    def has_module_permission(self, request):
        return may(request.user, Permission.COLLECTIONS_MANAGE)

    def has_view_permission(self, request, obj=None):
        return may(request.user, Permission.COLLECTIONS_MANAGE)

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


class KeptForGood:
    """Rows that returns point at: deleting one would have to read every organisation's rows."""

    def has_delete_permission(self, request, obj=None):
        return False


class TablesOut(ExportMixin):
    export_formats = (CSV, XLSX)


class TablesInAndOut(ImportExportMixin):
    """CSV only comes in: a text file can hold nothing but text."""

    import_formats = (CSV,)
    export_formats = (CSV, XLSX)

    def get_import_data_kwargs(self, **kwargs):
        return super().get_import_data_kwargs(**kwargs) | {"rollback_on_validation_errors": True}

    def process_result(self, result, request):
        """Say so when, since the preview, the register has changed so that the file no longer fits."""
        if not result.has_errors() and not result.has_validation_errors():
            return super().process_result(result, request)
        messages.error(request, "Nothing was saved: the register has changed meanwhile. Please try again.")
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")


@admin.register(Region)
class RegionAdmin(KeptForGood, NationalTeamOnly, admin.ModelAdmin):
    list_display = ("name", "gss_code", "order")


@admin.register(StrategicHealthAuthority)
class StrategicHealthAuthorityAdmin(KeptForGood, NationalTeamOnly, admin.ModelAdmin):
    list_display = ("name", "ods_code", "region")
    list_select_related = ("region",)


class OrganisationYearInline(NationalTeamOnly, admin.TabularInline):
    model = OrganisationYear
    extra = 0


@admin.register(Organisation)
class OrganisationAdmin(KeptForGood, NationalTeamOnly, TablesOut, admin.ModelAdmin):
    resource_classes = (resources.OrganisationResource,)
    list_display = ("name", "kind", "code", "region", "la_type", "trust_kind")
    list_filter = ("kind", "region", "la_type", "trust_kind")
    list_select_related = ("region",)
    search_fields = ("name", "official_name", "=code", "slug")
    autocomplete_fields = ("headquarters_authority",)
    inlines = (OrganisationYearInline,)

    def get_readonly_fields(self, request, obj=None):
        """A slug is in links that others keep, so it is chosen once."""
        return ("slug",) if obj else ()


@admin.register(OrganisationYear)
class OrganisationYearAdmin(NationalTeamOnly, TablesInAndOut, admin.ModelAdmin):
    resource_classes = (resources.OrganisationYearResource,)
    list_display = (
        "organisation",
        "year",
        "on_register",
        "commissioner",
        "child_health_provider",
        "camhs_provider",
    )
    list_filter = (
        "year",
        "on_register",
        "commissioner",
        "child_health_provider",
        "camhs_provider",
    )
    list_select_related = ("organisation",)
    search_fields = ("organisation__name", "=organisation__code")
    autocomplete_fields = ("organisation",)


@admin.register(EmailDomain)
class EmailDomainAdmin(NationalTeamOnly, TablesInAndOut, admin.ModelAdmin):
    resource_classes = (resources.EmailDomainResource,)
    list_display = ("domain", "organisation", "shared")
    list_filter = ("shared",)
    list_select_related = ("organisation",)
    search_fields = ("domain", "organisation__name")
    autocomplete_fields = ("organisation",)


@admin.register(Population)
class PopulationAdmin(NationalTeamOnly, TablesInAndOut, admin.ModelAdmin):
    resource_classes = (resources.PopulationResource,)
    list_display = ("authority", "year", "age_band", "persons", "source")
    list_filter = ("year", "age_band")
    list_select_related = ("authority",)
    search_fields = ("authority__name", "=authority__code")
    autocomplete_fields = ("authority",)


@admin.register(PCTCoverage)
class PCTCoverageAdmin(NationalTeamOnly, TablesInAndOut, admin.ModelAdmin):
    resource_classes = (resources.PCTCoverageResource,)
    list_display = ("pct", "authority", "coverage", "basis")
    list_filter = ("coverage",)
    list_select_related = ("pct", "authority")
    search_fields = ("pct__name", "authority__name")
    autocomplete_fields = ("pct", "authority")


@admin.register(Succession)
class SuccessionAdmin(NationalTeamOnly, TablesInAndOut, admin.ModelAdmin):
    resource_classes = (resources.SuccessionResource,)
    list_display = ("predecessor", "successor", "year", "note")
    list_select_related = ("predecessor", "successor")
    autocomplete_fields = ("predecessor", "successor")


class PartnershipMemberInline(NationalTeamOnly, admin.TabularInline):
    model = PartnershipMember
    extra = 1
    autocomplete_fields = ("organisation",)


@admin.register(Partnership)
class PartnershipAdmin(KeptForGood, NationalTeamOnly, admin.ModelAdmin):
    list_display = ("name", "kind", "year", "authority")
    list_filter = ("kind", "year")
    list_select_related = ("authority",)
    search_fields = ("name", "=authority__code")
    autocomplete_fields = ("authority",)
    inlines = (PartnershipMemberInline,)


@admin.register(Hexagon)
class HexagonAdmin(NationalTeamOnly, admin.ModelAdmin):
    list_display = ("authority", "q", "r", "used_in_list", "basis")
    list_select_related = ("authority",)
    search_fields = ("authority__name",)
    autocomplete_fields = ("authority",)


@admin.register(PostcodeArea)
class PostcodeAreaAdmin(NationalTeamOnly, TablesOut, admin.ModelAdmin):
    resource_classes = (resources.PostcodeAreaResource,)
    list_display = ("outcode", "main_authority", "main_share", "postcodes")
    list_select_related = ("main_authority",)
    search_fields = ("=outcode", "main_authority__name")
    autocomplete_fields = ("main_authority",)


class StaffForm(forms.ModelForm):
    def clean_staff_role(self):
        """Staff read more than a member may: a contributor with a staff role would read every answer."""
        role = self.cleaned_data["staff_role"]
        present = self.instance.memberships.filter(ended_at=None).select_related("organisation").first()
        if role and present:
            raise forms.ValidationError(
                f"{self.instance} takes part for {present.organisation.name}. "
                "Staff need an account of their own, or that membership has to end first."
            )
        return role


@admin.register(User)
class UserAdmin(KeptForGood, NationalTeamOnly, admin.ModelAdmin):
    """Staff accounts: people sign up as everybody does, and are given a staff role and regions here."""

    form = StaffForm
    list_display = ("name", "email", "staff_role", "is_active", "joined_at")
    list_filter = ("staff_role", "is_active")
    search_fields = ("name", "email")
    fields = ("name", "email", "staff_role", "regions", "is_active", "joined_at")
    readonly_fields = ("name", "email", "joined_at")
    filter_horizontal = ("regions",)

    def has_add_permission(self, request):
        return False

    def save_related(self, request, form, formsets, change):
        """Keep who made whom staff, once the regions are saved too."""
        super().save_related(request, form, formsets, change)
        person = form.instance
        record(
            "staff account changed",
            user=request.user,
            person=person.email,
            staff_role=person.staff_role,
            regions=[region.name for region in person.regions.all()],
            is_active=person.is_active,
        )

    def get_queryset(self, request):
        """Accounts of people: the one that commands write under has no business here."""
        return super().get_queryset(request).filter(is_system=False)

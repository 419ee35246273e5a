"""Forms of the helpdesk."""

from django import forms

from accounts.models import LocalAuthorityType, Organisation, OrganisationKind, Region


class ReasonForm(forms.Form):
    """Why; the person concerned reads it."""

    reason = forms.CharField(
        label="Reason",
        help_text="The people whom it is about read it.",
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )


class AddOrganisationForm(forms.Form):
    """What the register needs to know of an organisation."""

    name = forms.CharField(label="Name", max_length=120)
    kind = forms.ChoiceField(label="Kind", choices=OrganisationKind.choices)
    region = forms.ModelChoiceField(Region.objects.all(), label="Region", required=False, empty_label="None")
    code = forms.CharField(
        label="GSS or ODS code",
        required=False,
        max_length=9,
        help_text="Voluntary providers have none.",
        widget=forms.TextInput({"class": "width-10"}),
    )
    la_type = forms.ChoiceField(
        label="Type, of a local authority",
        required=False,
        choices=[("", "Not a local authority"), *LocalAuthorityType.choices],
    )

    def clean_code(self):
        code = self.cleaned_data["code"].upper()
        if code and Organisation.objects.filter(code=code).exists():
            raise forms.ValidationError(f"{Organisation.objects.get(code=code)} has this code already.")
        return code

    def clean(self):
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if kind != OrganisationKind.VOLUNTARY and not cleaned.get("code") and "code" not in self.errors:
            self.add_error("code", "Give the code. Only voluntary providers have none.")
        if (kind == OrganisationKind.LOCAL_AUTHORITY) != bool(cleaned.get("la_type")):
            self.add_error("la_type", "A local authority has a type, and nothing else has one.")
        return cleaned


class ExtendForm(forms.Form):
    until = forms.DateField(
        label="Last day of data entry for this organisation",
        help_text="For example 12 March 2010 or 12/03/2010",
        input_formats=["%d/%m/%Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d"],
        widget=forms.TextInput({"class": "width-20"}),
        error_messages={"invalid": "This is not a date. Write it like 12 March 2010."},
    )
    reason = forms.CharField(label="Reason", max_length=1000, widget=forms.Textarea({"rows": 3}))

"""Forms about the list of services and its import."""

from django import forms

from accounts.models import Organisation
from mapping.returns.classification import classification
from mapping.returns.importing.reading import MAX_BYTES
from mapping.returns.models import EntryForm, EntryStatus, ServiceEntry
from mapping.returns.queries.lists import FILTERS, SORTS, Wanted
from mapping.returns.queries.returns import respondents_of

DAY_FORMATS = ["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d", "%d/%m/%y"]
OPEN_STATUSES = (EntryStatus.OPEN, EntryStatus.OPENED, EntryStatus.SUSPENDED)
RARE = ("entered_by", "is_zero_cost", "form")
YES_NO = [("no", "No"), ("yes", "Yes")]


class DayField(forms.DateField):
    """A day as people write it: 30/11/2009, 30 November 2009."""

    widget = forms.DateInput(format="%d/%m/%Y", attrs={"class": "width-10", "inputmode": "text"})

    def __init__(self, **kwargs):
        super().__init__(input_formats=DAY_FORMATS, **kwargs)

    def to_python(self, value):
        try:
            return super().to_python(value)
        except forms.ValidationError:
            raise forms.ValidationError(f"“{value}” is not a date. Write it like 30/11/2009.") from None


class OrganisationField(forms.CharField):
    """The name or code of an organisation on the register; cleans to the Organisation, or to the text if unknown."""

    widget = forms.TextInput(attrs={"class": "width-30", "list": "organisations", "autocomplete": "off"})

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        found = list(Organisation.objects.named(text)[:2])
        if len(found) > 1:
            names = " or ".join(one.full_name for one in found)
            raise forms.ValidationError(f"“{text}” may be {names}. Give the full name or the code.")
        return found[0] if found else text

    def prepare_value(self, value):
        return value.full_name if isinstance(value, Organisation) else value


def not_on_register(text, advice):
    """The error about a name that no organisation has: the names that are near, or else what to do."""
    near = " or ".join(Organisation.objects.names_near(text))
    return forms.ValidationError(f"“{text}” is not on the register. {f'Is it {near}?' if near else advice}")


class ListFilterForm(forms.Form):
    """What a list shows, from its address; what it does not understand is left out."""

    q = forms.CharField(
        label="Find a service", required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    category = forms.ChoiceField(label="Category", required=False)
    person = forms.ChoiceField(label="Person", required=False)
    sort = forms.ChoiceField(
        label="Sort by", required=False, choices=[(key, label) for key, (label, _) in SORTS.items()]
    )
    only = forms.ChoiceField(
        required=False,
        widget=forms.HiddenInput,
        choices=[(key, label) for key, (label, _) in FILTERS.items()],
    )

    def __init__(self, data, lines):
        super().__init__(data)
        categories = sorted({(line.entry.category, line.entry.category_label) for line in lines})
        people = sorted({name for line in lines for name in line.people})
        self.fields["category"].choices = [("", f"All {len(categories)}"), *categories]
        self.fields["person"].choices = [("", "Anybody"), *((name, name) for name in people)]

    @property
    def wanted(self):
        self.is_valid()
        given = self.cleaned_data
        return Wanted(
            search=given.get("q", ""),
            category=given.get("category", ""),
            person=given.get("person", ""),
            only=given.get("only", ""),
            sort=given.get("sort", ""),
        )


class ServiceForm(forms.ModelForm):
    """The fields of an entry that a lead keeps, but for the category, which has a page of its own."""

    provided_by = OrganisationField(
        label="Which organisation provides the service?",
        help_text="Its name or code in the register. One that is not there: its name.",
        max_length=200,
    )
    entered_by = OrganisationField(
        label="Which organisation enters this service in the mapping?",
        help_text="The one that leads it. Partners confirm it and do not enter it again.",
        max_length=200,
    )
    is_zero_cost = forms.TypedChoiceField(
        label="Is it entered only for completeness?",
        help_text="Your organisation gives it neither money nor staff. Its staff and costs are then not asked.",
        choices=YES_NO,
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect(attrs={"class": "choices-inline"}),
    )
    status_date = DayField(
        label="On which day did it open?", help_text="For example 1/9/2009", required=False
    )

    class Meta:
        model = ServiceEntry
        fields = ["name", "sector", "status", "status_date", "is_zero_cost", "department", "locality", "form"]
        labels = {
            "name": "What is the name of the service?",
            "sector": "Which sector provides the service?",
            "status": "Did it take people on the census date?",
            "department": "Department",
            "locality": "Locality",
            "form": "Which form of the questionnaire is it asked?",
        }
        help_texts = {
            "name": "The name that families and referrers use.",
            "sector": "The employer of most of the team.",
            "status": "A service that has closed or merged has a page for that.",
            "form": "The short form asks only what is mandatory.",
        }
        widgets = {
            "name": forms.TextInput(attrs={"class": "width-30"}),
            "sector": forms.RadioSelect,
            "status": forms.RadioSelect,
            "form": forms.RadioSelect(attrs={"class": "choices-inline"}),
        }

    field_order = [
        "name", "sector", "provided_by", "entered_by", "status", "status_date",
        "is_zero_cost", "department", "locality", "form",
    ]  # fmt: skip

    def __init__(self, *args, annual_return, **kwargs):
        super().__init__(*args, **kwargs)
        entry, own = self.instance, annual_return.organisation
        self.annual_return = annual_return
        self.fields["provided_by"].initial = entry.provider or entry.provider_name or own
        self.fields["entered_by"].initial = entry.lead_organisation or own
        self.initial["is_zero_cost"] = "yes" if entry.is_zero_cost else "no"
        self.fields["sector"].choices = ServiceEntry._meta.get_field("sector").choices
        self.initial["sector"] = entry.sector or "inhouse"
        self.fields["status"].choices = [(status.value, status.label) for status in OPEN_STATUSES]
        self.initial["status"] = entry.status or EntryStatus.OPEN
        self.fields["sector"].required = self.fields["status"].required = True
        self.fields["form"].choices = EntryForm.choices
        if entry.form == EntryForm.FULL and not annual_return.service_entries.open().is_long():
            del self.fields["form"]
        for name in ("department", "locality"):
            self.fields[name].queryset = getattr(own, _PLURALS[name]).all()
            self.fields[name].empty_label = "None"
        self.fields["name"].error_messages["required"] = "Give the name of the service."

    def clean_name(self):
        """A-H1: one service of this name on the list of one provider is enough."""
        name = self.cleaned_data["name"].strip()
        others = self.annual_return.service_entries.exclude(pk=self.instance.pk).open()
        if others.filter(name__iexact=name, provider_id=self.instance.provider_id).exists():
            raise forms.ValidationError(
                f"“{name}” is on your list already. Name this one so that readers can tell them apart."
            )
        return name

    def clean_entered_by(self):
        found = self.cleaned_data["entered_by"]
        if not isinstance(found, Organisation):
            raise not_on_register(found, "Give the name or code of an organisation that takes part.")
        return found

    def clean(self):
        given = super().clean()
        if (
            given.get("status") == EntryStatus.OPENED
            and not given.get("status_date")
            and "status_date" in given
        ):
            self.add_error("status_date", "Say on which day it opened.")
        return given

    @property
    def usual(self):
        """The fields that most services need."""
        return [self[name] for name in self.fields if name not in RARE]

    @property
    def rare(self):
        """The fields that most services leave as they are."""
        return [self[name] for name in RARE if name in self.fields]

    @property
    def changes(self):
        """Field name -> value, as the actions take them."""
        given = dict(self.cleaned_data)
        provider = given.pop("provided_by")
        known = isinstance(provider, Organisation)
        given["provider"], given["provider_name"] = (provider, "") if known else (None, provider)
        given["lead_organisation"] = given.pop("entered_by")
        if given["status"] != EntryStatus.OPENED:
            given["status_date"] = None
        return given


_PLURALS = {"department": "departments", "locality": "localities"}


class PartnerForm(forms.Form):
    """One organisation that provides the service too, and what it does."""

    organisation = OrganisationField(label="Organisation", required=False, max_length=200)
    part = forms.CharField(
        label="Part played",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "width-20"}),
    )

    def clean_organisation(self):
        found = self.cleaned_data["organisation"]
        if isinstance(found, str):
            raise not_on_register(found, "Ask the helpdesk to add it.")
        return found


class BasePartnerFormSet(forms.BaseFormSet):
    @property
    def joint_with(self):
        """What ``ServiceEntry.joint_with`` keeps: organisations by code, or by slug where they have none."""
        return [
            {"organisation": given["organisation"].code or given["organisation"].slug, "part": given["part"]}
            for given in self.cleaned_data
            if given.get("organisation")
        ]


PartnerFormSet = forms.formset_factory(PartnerForm, formset=BasePartnerFormSet, extra=2, max_num=20)


class JointAnswerForm(forms.Form):
    """Whether a partner takes part in a joint service, and as what."""

    YES, NO = "yes", "no"
    takes_part = forms.ChoiceField(
        label="Does your organisation take part in this service?",
        choices=[(YES, "Yes"), (NO, "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether your organisation takes part."},
    )
    part = forms.CharField(
        label="What part does it play?",
        help_text="For example: two nurses, or half of the rent. Leave it empty where the answer is no.",
        required=False,
        max_length=200,
    )

    def __init__(self, data, *, asked):
        answer = getattr(asked, "answer", None)
        said = (
            {"takes_part": self.YES if answer.takes_part else self.NO, "part": answer.part} if answer else {}
        )
        super().__init__(data, initial=said)

    @property
    def answer(self):
        """What ``answer_joint_request`` takes."""
        given = self.cleaned_data
        return {"takes_part": given["takes_part"] == self.YES, "part": given["part"]}


class CategoryForm(forms.Form):
    """The second step of the picker: a category of one group."""

    category = forms.ChoiceField(
        label="Which category fits the main purpose of the service?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose the category that fits best.",
            "invalid_choice": "Choose one of the categories of this group.",
        },
    )

    def __init__(self, *args, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        categories = classification().open_to(respondents_of(organisation))
        self.fields["category"].choices = [(category.code, str(category)) for category in categories]


class CloseForm(forms.Form):
    on = DayField(
        label="On which day did it close?",
        help_text="For example 31/8/2009",
        error_messages={"required": "Say on which day it closed."},
    )

    def __init__(self, *args, collection, **kwargs):
        super().__init__(*args, **kwargs)
        self.collection = collection

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > self.collection.entry_closes:
            raise forms.ValidationError(
                f"This is after the end of data entry, {self.collection.entry_closes:%-d %B %Y}. "
                "A service that is to close later is open this year."
            )
        return on


class MergeForm(CloseForm):
    into = forms.ModelChoiceField(
        label="Which service has it become part of?",
        queryset=ServiceEntry.objects.none(),
        empty_label="Choose a service",
        error_messages={"required": "Choose the service that it has become part of."},
    )
    field_order = ["into", "on"]

    def __init__(self, *args, entry, **kwargs):
        super().__init__(*args, collection=entry.collection, **kwargs)
        self.fields["into"].queryset = entry.annual_return.service_entries.open().exclude(pk=entry.pk)
        self.fields["on"].label = "On which day did they merge?"
        self.fields["on"].error_messages["required"] = "Say on which day they merged."


class StructureForm(forms.Form):
    """Departments and localities, one a line."""

    departments = forms.CharField(
        required=False,
        help_text="One a line, as your organisation calls them.",
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    localities = forms.CharField(
        required=False,
        help_text="One a line: towns, wards or clusters by which you arrange services.",
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def clean_departments(self):
        return _names(self.cleaned_data["departments"])

    def clean_localities(self):
        return _names(self.cleaned_data["localities"])


def _names(text):
    names = [line.strip() for line in text.splitlines() if line.strip()]
    if too_long := [name for name in names if len(name) > 120]:
        raise forms.ValidationError(f"“{too_long[0][:40]}…” is longer than 120 characters.")
    return names


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Your list as a file",
        help_text="CSV, XLSX, or JSON of Open Referral UK; up to 5,000 rows and 10 MB. "
        "Nothing is saved before you have seen every row.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.json"}),
        error_messages={
            "required": "Choose the file with your list.",
            "empty": "This file is empty.",
        },
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                f"This file is larger than {MAX_BYTES // 1024 // 1024} MB. "
                "Split the list and import the parts one by one."
            )
        return file

"""Forms about people."""

from django import forms
from django.contrib.auth import password_validation

from accounts.models import Organisation, OrganisationKind, Region, Role, User

ASK_FOR_POST = "For example performance manager, children's services"


class PersonName(forms.CharField):
    """A person's name, on one line."""

    def __init__(self, **options):
        widget = forms.TextInput(attrs={"autocomplete": "name"})
        super().__init__(**{"label": "Your name", "max_length": 150, "widget": widget, **options})

    def clean(self, value):
        return " ".join(super().clean(value).split())


class Post(forms.CharField):
    """What somebody's job is called."""

    def __init__(self, **options):
        widget = forms.TextInput(attrs={"autocomplete": "organization-title"})
        super().__init__(
            **{
                "label": "Your job title",
                "max_length": 150,
                "help_text": ASK_FOR_POST,
                "widget": widget,
                **options,
            }
        )


class Note(forms.CharField):
    def __init__(self, **options):
        super().__init__(
            **{"required": False, "max_length": 1000, "widget": forms.Textarea({"rows": 3}), **options}
        )


class SignUpForm(forms.Form):
    """What sign-up asks beside the e-mail address and the password."""

    name = PersonName()

    def signup(self, request, user):
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class SearchForm(forms.Form):
    """Find an organisation in the register. Nothing has to be filled in."""

    q = forms.CharField(label="Name or part of it, or code", required=False, max_length=100)
    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "All kinds"), *OrganisationKind.choices]
    )
    region = forms.ModelChoiceField(
        Region.objects.all(),
        label="Region",
        required=False,
        empty_label="All regions",
        to_field_name="slug",
    )


class RegisterForm(forms.Form):
    post = Post()
    note = Note(
        label="Anything the helpdesk should know",
        help_text="Only people of the helpdesk, and a mapping lead who is there already, read it.",
    )


class OrganisationRequestForm(forms.Form):
    name = forms.CharField(label="Name of the organisation", max_length=120)
    kind = forms.ChoiceField(
        label="What it is", choices=[*OrganisationKind.choices, ("other", "Something else")]
    )
    post = Post()
    note = Note(
        label="What it does for children, young people or mothers",
        help_text="And where: the helpdesk decides from this whether it takes part.",
        required=True,
    )


class InviteForm(forms.Form):
    """Invite a colleague or a director."""

    email = forms.EmailField(label="E-mail address", max_length=254)
    name = PersonName(label="Name", required=False, widget=forms.TextInput())
    role = forms.ChoiceField(
        label="Role",
        widget=forms.RadioSelect,
        choices=[
            (Role.CONTRIBUTOR, "Contributor: answers what you ask them to answer, and sees nothing else"),
            (Role.DEPUTY, "Deputy mapping lead: does everything that you do"),
            (
                Role.DIRECTOR,
                "Director: reads the whole return and signs off; the helpdesk confirms them once",
            ),
        ],
    )
    note = Note(label="A word to them")


class InviteProviderForm(forms.Form):
    """Invite a voluntary provider; ``which`` is asked where the register has providers of a like name."""

    provider_name = forms.CharField(label="Name of the provider", max_length=120)
    email = forms.EmailField(label="E-mail address of its contact", max_length=254)
    name = PersonName(label="Name of its contact", required=False, widget=forms.TextInput())
    note = Note(label="A word to them")

    def offer(self, providers):
        """Ask which of these is meant; the answer is a slug, or empty for a new one."""
        self.fields["which"] = forms.ChoiceField(
            label="Is it one of these?",
            required=False,
            widget=forms.RadioSelect,
            choices=[*((p.slug, p.name) for p in providers), ("new", "None of these: it is a new one")],
        )


class AcceptForm(forms.Form):
    post = Post(required=False)


class SameProviderForm(AcceptForm):
    """Accept for a provider, where one of the same name takes part by now."""

    same_provider = forms.ModelChoiceField(
        Organisation.objects.voluntary_providers(),
        label="A provider of this name is on the register. Is it yours?",
        required=False,
        empty_label="No, ours is another one",
        to_field_name="slug",
    )


class PasswordMixin(forms.Form):
    """Name and password of somebody who has no account yet; the address is that of the invitation."""

    name = PersonName()
    password = forms.CharField(
        label="Choose a password",
        strip=False,
        help_text="At least 10 characters; a few words that do not belong together are good.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    email = ""

    def clean(self):
        cleaned = super().clean()
        if "password" in cleaned:
            user = User(email=self.email, name=cleaned.get("name", ""))
            try:
                password_validation.validate_password(cleaned["password"], user)
            except forms.ValidationError as problem:
                self.add_error("password", problem)
        return cleaned


class SignUpAndAcceptForm(PasswordMixin, AcceptForm):
    field_order = ["name", "post", "password"]


class SignUpSameProviderForm(PasswordMixin, SameProviderForm):
    field_order = ["same_provider", "name", "post", "password"]


class YouForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "telephone"]
        field_classes = {"name": PersonName}
        help_texts = {"telephone": "Colleagues and the helpdesk see it."}


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Reason", max_length=1000, widget=forms.Textarea({"rows": 3}))

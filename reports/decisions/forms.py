"""Forms of submitting, deciding and declining."""

from django import forms

from reports.decisions.queries.check import FILTERS

NOTE_LENGTH = 2000


class Note(forms.CharField):
    def __init__(self, **options):
        widget = forms.Textarea({"rows": 4})
        super().__init__(**{"required": False, "max_length": NOTE_LENGTH, "widget": widget, **options})


class SubmitForm(forms.Form):
    """What the lead wants the director to know."""

    note = Note(
        label="Note to your director",
        help_text="What changed since last year and why, or what is not firm. No names of children or families.",
    )


class DecisionForm(forms.Form):
    """Sign off or send back. Neither is chosen beforehand; sending back needs a note."""

    SIGN_OFF, SEND_BACK = "sign_off", "send_back"

    decision = forms.ChoiceField(
        choices=[(SIGN_OFF, "Sign off"), (SEND_BACK, "Send back with a note")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you sign the part off or send it back."},
    )
    note = Note()

    def __init__(self, data=None, *, to="", **options):
        """to: who submitted the part and reads the note."""
        super().__init__(data, **options)
        self.to = to or "the mapping lead"
        self.fields["note"].label = f"Note to {self.to}"

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("decision") == self.SEND_BACK and not cleaned.get("note"):
            self.add_error("note", f"Tell {self.to} what to change, so that the part can come back to you.")
        return cleaned


class DeclineForm(forms.Form):
    """Why an organisation takes no part."""

    reason = Note(
        label="Why your organisation takes no part this year",
        help_text="The helpdesk and the national team read this.",
        required=True,
        error_messages={"required": "Say in a sentence why your organisation takes no part."},
    )
    is_agreed = forms.BooleanField(
        label="This has been agreed with our director",
        error_messages={"required": "Agree this with your director first, then tick the box."},
    )


class CheckFilterForm(forms.Form):
    """Which lines of the check page to show; an address that makes no sense shows all of them."""

    person = forms.ChoiceField(label="With", required=False)
    only = forms.ChoiceField(
        required=False,
        choices=[(only, label) for only, (label, _) in FILTERS.items()],
        widget=forms.HiddenInput,
    )

    def __init__(self, data, people):
        super().__init__(data)
        self.fields["person"].choices = [("", "Everybody"), *((name, name) for name in people)]

    def chosen(self, name):
        return self.cleaned_data.get(name, "") if self.is_valid() or name in self.cleaned_data else ""

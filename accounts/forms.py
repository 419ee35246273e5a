"""Forms about people."""

from django import forms


class SignUpForm(forms.Form):
    """What sign-up asks beside the e-mail address and the password."""

    name = forms.CharField(
        label="Your name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )

    def signup(self, request, user):
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])

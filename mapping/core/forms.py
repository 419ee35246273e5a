"""How Django's forms are rendered: with the templates of ``templates/django/forms/``, and in our words."""

from django import forms
from django.forms.renderers import TemplatesSetting

NOT_FILLED_IN = "Fill this in."
NOT_CHOSEN = "Choose one of these."


def say_it_our_way():
    """Replace Django's words for an empty field, in its own forms and those of packages too."""
    forms.Field.default_error_messages["required"] = NOT_FILLED_IN
    forms.ChoiceField.default_error_messages["required"] = NOT_CHOSEN


def in_summary(label, message):
    """A message as the list at the top of a page says it: away from its field it needs the field's name."""
    return (
        f"{label}: {message[0].lower()}{message[1:]}" if message in (NOT_FILLED_IN, NOT_CHOSEN) else message
    )


class Renderer(TemplatesSetting):
    """Fields as label, hint, message, widget; see docs/reference/components.md."""

    form_template_name = "django/forms/fields.html"
    field_template_name = "django/forms/field.html"

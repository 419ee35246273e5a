"""How Django's forms are rendered: with the templates of ``templates/django/forms/``."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Fields as label, hint, message, widget; see docs/reference/components.md."""

    form_template_name = "django/forms/fields.html"
    field_template_name = "django/forms/field.html"

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "mapping.returns"
    label = "returns"
    verbose_name = "Annual returns"

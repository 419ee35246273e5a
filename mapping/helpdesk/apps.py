from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    name = "mapping.helpdesk"
    label = "helpdesk"

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self):
        from mapping.returns.signals import event_recorded
        from reports.decisions.receivers import tell_of_event

        event_recorded.connect(tell_of_event)

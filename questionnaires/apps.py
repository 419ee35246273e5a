from django.apps import AppConfig


class QuestionnairesConfig(AppConfig):
    name = "questionnaires"

    def ready(self):
        from mapping.returns.signals import entry_changed
        from questionnaires.receivers import evaluate_changed_entry

        entry_changed.connect(evaluate_changed_entry)

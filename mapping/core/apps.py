from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "mapping.core"
    label = "core"

    def ready(self):
        from mapping.core import checks  # noqa: F401  registers the deploy checks
        from mapping.core.forms import say_it_our_way
        from mapping.core.grants import grant_to_serving_roles

        say_it_our_way()
        post_migrate.connect(grant_to_serving_roles, sender=self)

"""The Celery application. What has to be done is known from the database; a lost queue loses no work."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mapping.settings")

app = Celery("mapping")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

"""Findings of rules across organisations, and when the rules were last run."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mapping.core.migration_operations import ProtectByOrganisation


class Migration(migrations.Migration):
    dependencies = [
        ("questionnaires", "0005_explain_by_reasons_and_tune_checks"),
        ("returns", "0005_joint_services"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="CrossCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("checked_at", models.DateTimeField(help_text="Real time at which it began to read.")),
                (
                    "collection",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cross_check",
                        to="returns.collection",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=40)),
                ("cell", models.CharField(max_length=120)),
                ("message", models.TextField()),
                (
                    "given_for",
                    models.TextField(blank=True, help_text="What an explanation is given for."),
                ),
                ("first_seen", models.DateTimeField(help_text="Time of the exercise.")),
                ("gone_at", models.DateTimeField(blank=True, help_text="When it no longer held.", null=True)),
                ("explanation", models.TextField(blank=True)),
                (
                    "explained_at",
                    models.DateTimeField(blank=True, help_text="Time of the exercise.", null=True),
                ),
                (
                    "explained_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="questionnaires.response",
                    ),
                ),
            ],
            options={
                "ordering": ["first_seen", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("response", "rule", "cell"), name="found_once")
                ],
            },
        ),
        ProtectByOrganisation("Finding"),
    ]

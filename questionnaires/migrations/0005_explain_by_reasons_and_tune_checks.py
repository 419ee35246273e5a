"""Reasons from a short list beside the words of explanations; jobs about checks, ranges of peers, changes of thresholds."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from mapping.core.migration_operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("questionnaires", "0004_answers_read_by_successors"),
        ("returns", "0003_imports_read_by_a_job"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="explanation",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("real_change", "A real change in the service"),
                    ("counted_otherwise", "We count it in another way now"),
                    ("last_year_wrong", "Last year’s figure was wrong"),
                    ("unusual_but_right", "Unusual, but right"),
                    ("other", "Another reason"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="explanation",
            name="given_for",
            field=models.TextField(
                blank=True,
                help_text="The values that it explains, as evaluation words them; empty: words are wanted.",
            ),
        ),
        migrations.AlterField(
            model_name="explanation",
            name="text",
            field=models.TextField(blank=True),
        ),
        migrations.CreateModel(
            name="ThresholdChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("question", models.CharField(max_length=20)),
                ("rule", models.CharField(max_length=40)),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("at", models.DateTimeField(help_text="Time of the exercise.")),
                (
                    "recorded_at",
                    models.DateTimeField(default=django.utils.timezone.now, help_text="Real time."),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="threshold_changes",
                        to="returns.collection",
                    ),
                ),
            ],
            options={
                "ordering": ["-recorded_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="CheckJob",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("count", "How often the checks find something"),
                            ("trial", "A threshold tried on last year's answers"),
                            ("apply", "Responses checked again after a change of thresholds"),
                            ("peers", "Figures of peers"),
                        ],
                        max_length=10,
                    ),
                ),
                ("question", models.CharField(blank=True, max_length=20)),
                ("rule", models.CharField(blank=True, max_length=40)),
                (
                    "tried",
                    models.JSONField(
                        blank=True, default=dict, help_text="Thresholds that are tried, by name."
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits"),
                            ("running", "Is being worked on"),
                            ("done", "Done"),
                            ("failed", "Not done"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("claim", models.UUIDField(blank=True, help_text="Of the worker that has it.", null=True)),
                ("heartbeat_at", models.DateTimeField(blank=True, null=True)),
                ("done", models.PositiveIntegerField(default=0, help_text="Responses gone through.")),
                ("total", models.PositiveIntegerField(default=0)),
                ("state", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_jobs",
                        to="returns.collection",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(fields=["collection", "kind", "-created_at"], name="check_jobs_latest")
                ],
            },
        ),
        migrations.CreateModel(
            name="PeerRanges",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("category", models.CharField(max_length=2)),
                ("ranges", models.JSONField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="peer_ranges",
                        to="returns.collection",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("collection", "category"), name="peer_ranges_once_a_category"
                    )
                ],
            },
        ),
        AppendOnly("ThresholdChange"),
    ]

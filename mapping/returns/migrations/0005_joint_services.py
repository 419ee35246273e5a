"""Requests to partners to confirm a joint service, and their answers, with the walls around both."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from mapping.core.migration_operations import ProtectByOrganisation

# The partner reads its requests, who asked reads the answers; each writes its own row only. The restrictive ones
# keep somebody from asking about another's service, and from answering what another was asked.
SHARED = """
CREATE POLICY partners_reading ON returns_jointrequest FOR SELECT TO app
    USING (partner_id = ANY ((SELECT visible_organisations())::bigint[]));
CREATE POLICY about_own_services ON returns_jointrequest AS RESTRICTIVE FOR INSERT TO app
    WITH CHECK (EXISTS (
        SELECT 1 FROM returns_serviceentry entry
        WHERE entry.id = service_entry_id AND entry.organisation_id = returns_jointrequest.organisation_id
    ));
CREATE POLICY who_asked_reading ON returns_jointanswer FOR SELECT TO app
    USING (EXISTS (
        SELECT 1 FROM returns_jointrequest asked
        WHERE asked.id = request_id AND asked.organisation_id = ANY ((SELECT visible_organisations())::bigint[])
    ));
CREATE POLICY by_who_is_asked ON returns_jointanswer AS RESTRICTIVE FOR INSERT TO app
    WITH CHECK (EXISTS (
        SELECT 1 FROM returns_jointrequest asked
        WHERE asked.id = request_id AND asked.partner_id = returns_jointanswer.organisation_id
    ));
CREATE POLICY still_by_who_is_asked ON returns_jointanswer AS RESTRICTIVE FOR UPDATE TO app
    USING (true)
    WITH CHECK (EXISTS (
        SELECT 1 FROM returns_jointrequest asked
        WHERE asked.id = request_id AND asked.partner_id = returns_jointanswer.organisation_id
    ));
"""
UNSHARED = """
DROP POLICY still_by_who_is_asked ON returns_jointanswer;
DROP POLICY by_who_is_asked ON returns_jointanswer;
DROP POLICY who_asked_reading ON returns_jointanswer;
DROP POLICY about_own_services ON returns_jointrequest;
DROP POLICY partners_reading ON returns_jointrequest;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("returns", "0004_continue_services_of_predecessors"),
        ("accounts", "0004_message_time_of_the_exercise"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="JointRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("category", models.CharField(max_length=2)),
                ("asked_at", models.DateTimeField(help_text="Time of the exercise.")),
                (
                    "told_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When somebody of the partner was told; empty while nobody is there.",
                        null=True,
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joint_requests",
                        to="returns.collection",
                    ),
                ),
                (
                    "lead_organisation",
                    models.ForeignKey(
                        help_text="Who leads the service.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        help_text="Who asks.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joint_requests",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joint_requests_received",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "service_entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="joint_requests",
                        to="returns.serviceentry",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="JointAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("takes_part", models.BooleanField()),
                ("part", models.CharField(blank=True, max_length=200, verbose_name="part played")),
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
                    "organisation",
                    models.ForeignKey(
                        help_text="The partner.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joint_answers",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer",
                        to="returns.jointrequest",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="jointrequest",
            constraint=models.UniqueConstraint(
                fields=("service_entry", "partner"), name="partner_asked_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="jointrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("organisation", models.F("partner")), _negated=True),
                name="partner_is_another",
            ),
        ),
        ProtectByOrganisation("JointRequest"),
        ProtectByOrganisation("JointAnswer"),
        migrations.RunSQL(SHARED, UNSHARED),
    ]

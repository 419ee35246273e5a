"""The walls around answers: rows of organisations, and revisions that do not change."""

from django.db import migrations

from mapping.core.migration_operations import AppendOnly, ProtectByOrganisation


class Migration(migrations.Migration):
    dependencies = [("questionnaires", "0001_initial"), ("core", "0001_walls")]
    operations = [
        ProtectByOrganisation("Response"),
        ProtectByOrganisation("Revision"),
        ProtectByOrganisation("Explanation"),
        ProtectByOrganisation("Delegation"),
        AppendOnly("Revision"),
        AppendOnly("DefinitionVersion"),
    ]

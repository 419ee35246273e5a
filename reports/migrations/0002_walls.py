"""The walls around facts and documents; a shared document is also read by the organisations it names."""

from django.db import migrations

from mapping.core.migration_operations import AppendOnly, ProtectByOrganisation

SHARED = """
CREATE POLICY readers ON reports_document FOR SELECT TO app USING (
    id IN (SELECT document_id FROM reports_documentreader)
);
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("core", "0001_walls")]
    operations = [
        ProtectByOrganisation("FactSet"),
        ProtectByOrganisation("Fact"),
        ProtectByOrganisation("Document"),
        ProtectByOrganisation("DocumentReader"),
        AppendOnly("Fact"),
        migrations.RunSQL(SHARED, "DROP POLICY readers ON reports_document"),
    ]

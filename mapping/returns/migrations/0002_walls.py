"""The walls around returns: rows of organisations, and history that does not change."""

from django.db import migrations

from mapping.core.migration_operations import AppendOnly, ProtectByOrganisation

OF_ORGANISATIONS = [
    "AnnualReturn",
    "Part",
    "ReturnEvent",
    "EventReceipt",
    "Department",
    "Locality",
    "Service",
    "ServiceEntry",
    "ColumnMatch",
    "ServiceImport",
]


class Migration(migrations.Migration):
    dependencies = [("returns", "0001_initial"), ("core", "0001_walls")]
    operations = [*(ProtectByOrganisation(name) for name in OF_ORGANISATIONS), AppendOnly("ReturnEvent")]

"""The answers of a predecessor, for its successors to read and to start from."""

from django.db import migrations

from mapping.core.migration_operations import ShowToSuccessors

OF_PIN = """
    (organisation_id, pin_id) IN (
        SELECT inherited.organisation_id, pin.id
        FROM inherited_collections() inherited JOIN questionnaires_pin pin USING (collection_id)
    )
"""


class Migration(migrations.Migration):
    dependencies = [
        ("questionnaires", "0003_pins_name_roles"),
        ("returns", "0004_continue_services_of_predecessors"),
    ]
    operations = [ShowToSuccessors("Response", inherited=OF_PIN)]

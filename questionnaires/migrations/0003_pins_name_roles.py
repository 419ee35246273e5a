"""Pins name the roles that owe a questionnaire, as its definition does, and no longer kinds of organisation."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

ROLES_OF_DEFINITIONS = """
    UPDATE questionnaires_pin pin
    SET respondents = ARRAY(SELECT jsonb_array_elements_text(version.content -> 'respondents') ORDER BY 1)
    FROM questionnaires_definitionversion version
    WHERE version.id = pin.definition_version_id
"""


class Migration(migrations.Migration):
    dependencies = [("questionnaires", "0002_walls")]
    operations = [
        migrations.AlterField(
            model_name="pin",
            name="respondents",
            field=ArrayField(
                base_field=models.CharField(max_length=20),
                help_text="Roles that owe it: LA, PCTC, PCTP, NHST, VCS.",
                size=None,
            ),
        ),
        migrations.RunSQL(ROLES_OF_DEFINITIONS, migrations.RunSQL.noop),
    ]

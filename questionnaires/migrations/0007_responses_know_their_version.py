"""Responses know by which definition version they were checked last; those of before are read by the pinned one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("questionnaires", "0006_findings")]
    operations = [
        migrations.AddField(
            model_name="response",
            name="checked_version",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Of which the summary is; once its part is decided about, it is read by that.",
                null=True,
                on_delete=models.PROTECT,
                related_name="+",
                to="questionnaires.definitionversion",
            ),
        )
    ]

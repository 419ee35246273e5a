"""Services that go on under another organisation, and the predecessor's list for its successors to read."""

from django.db import migrations, models

from mapping.core.migration_operations import ShowToSuccessors

INHERITED = """
CREATE FUNCTION inherited_collections() RETURNS TABLE (organisation_id bigint, collection_id bigint)
LANGUAGE sql STABLE AS $$
    SELECT succession.predecessor_id, collection.id
    FROM accounts_succession succession JOIN returns_collection collection ON collection.year < succession.year
    WHERE succession.successor_id = ANY (visible_organisations())
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("returns", "0003_imports_read_by_a_job"),
        ("accounts", "0004_message_time_of_the_exercise"),
        ("core", "0001_walls"),
    ]

    operations = [
        migrations.AddField(
            model_name="service",
            name="continues",
            field=models.ForeignKey(
                blank=True,
                help_text="The service of a predecessor that it was, before this organisation took over.",
                null=True,
                on_delete=models.deletion.PROTECT,
                related_name="continued_by",
                to="returns.service",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.UniqueConstraint(
                fields=("organisation", "continues"), name="service_continued_once"
            ),
        ),
        migrations.RunSQL(INHERITED, "DROP FUNCTION inherited_collections();"),
        ShowToSuccessors("ServiceEntry"),
        ShowToSuccessors("Part"),
        ShowToSuccessors("AnnualReturn"),
    ]

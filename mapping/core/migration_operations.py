"""Migration operations for the walls: who may read which rows, and which rows may not change.

Three database roles: the owner migrates, ``app`` serves, ``app_reader`` reads everything and writes nothing
(``accounts/tenancy.py`` switches to it for staff). A table of organisations' rows gets ``ProtectByOrganisation``,
one whose rows are history gets ``AppendOnly`` as well,
one that successors of an organisation may read from gets ``ShowToSuccessors``.
"""

from django.db.migrations.operations.base import Operation

POLICY = "own_organisations"
SUCCESSORS = "successors_reading"


class _TableOperation(Operation):
    """An operation on the table of one model, run on the database that holds it."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name, **options):
        self.model_name = model_name
        self.options = options

    def deconstruct(self):
        return self.__class__.__name__, [self.model_name], self.options

    def state_forwards(self, app_label, state):
        pass  # nothing that Django's models know of changes

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.model_name)
        schema_editor.execute(self.forwards_sql(model._meta.db_table), params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        model = from_state.apps.get_model(app_label, self.model_name)
        schema_editor.execute(self.backwards_sql(model._meta.db_table), params=None)


class ProtectByOrganisation(_TableOperation):
    """Show and take rows of a table only for the organisations that the transaction has in scope.

    ``or_none=True`` also takes (but never shows) rows that belong to no organisation.
    """

    def forwards_sql(self, table):
        own = "organisation_id = ANY ((SELECT visible_organisations())::bigint[])"
        taken = f"({own} OR organisation_id IS NULL)" if self.options.get("or_none") else own
        return f"""
            ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
            CREATE POLICY {POLICY} ON {table} TO app USING ({own}) WITH CHECK ({taken});
            CREATE POLICY staff_reading ON {table} FOR SELECT TO app_reader USING (true);
        """

    def backwards_sql(self, table):
        return f"""
            DROP POLICY {POLICY} ON {table};
            DROP POLICY staff_reading ON {table};
            ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """

    def describe(self):
        return f"Show rows of {self.model_name} only to their organisation"


class ShowToSuccessors(_TableOperation):
    """Show rows of earlier collections, to be read only, to the organisation that took over from theirs.

    ``inherited`` says which: a condition on a row, by ``inherited_collections()`` (organisation_id, collection_id).
    """

    OF_COLLECTION = """
        (organisation_id, collection_id) IN (SELECT organisation_id, collection_id FROM inherited_collections())
    """

    def forwards_sql(self, table):
        inherited = self.options.get("inherited", self.OF_COLLECTION)
        return f"CREATE POLICY {SUCCESSORS} ON {table} FOR SELECT TO app USING ({inherited});"

    def backwards_sql(self, table):
        return f"DROP POLICY {SUCCESSORS} ON {table};"

    def describe(self):
        return f"Show earlier rows of {self.model_name} to who took over from their organisation"


class AppendOnly(_TableOperation):
    """Refuse every change and removal of a row, whoever asks."""

    def forwards_sql(self, table):
        return f"""
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change();
        """

    def backwards_sql(self, table):
        return f"DROP TRIGGER append_only ON {table};"

    def describe(self):
        return f"Let rows of {self.model_name} neither change nor go"

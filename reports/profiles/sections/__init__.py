"""The sections of the local authority profile: one module, one page or two of the report."""

"""Loads the registers from ``fixtures/reference/``: files, what each column means, what changed."""

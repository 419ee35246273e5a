"""Text in files that spreadsheets open."""

STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(text):
    """``text`` so that a spreadsheet shows it and never computes it."""
    return f"'{text}" if text.startswith(STARTS_FORMULA) else text

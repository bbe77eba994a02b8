"""Cells of a table that spreadsheets open."""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula: https://owasp.org/www-community/attacks/CSV_Injection."""


def guard(cell: str) -> str:
    """With a quote before what a spreadsheet would run."""
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell

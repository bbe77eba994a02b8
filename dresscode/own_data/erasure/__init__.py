"""Deleting an account with all that is left of it anywhere, and the receipt of it."""

"""Garments without what they lie on."""

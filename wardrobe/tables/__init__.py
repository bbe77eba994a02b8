"""Wardrobes as tables of text (CSV): read with limits, written so that no program takes a cell for a formula."""

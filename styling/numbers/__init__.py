"""The wardrobe in figures: what is worn, what it costs, what is missing (docs/numbers.md)."""

"""The stylist's voices: each language's own sentences for the same facts, with its own grammar of garments."""

"""A wearer's data as a file: its schema, writing it, reading one that somebody brings, taking it in."""

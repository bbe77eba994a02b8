"""Trips: planned by their wearer, packed in a job, ticked off (docs/trips.md)."""

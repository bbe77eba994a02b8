"""Which pieces dress every day of a trip: the hard rules as sums, the fewest by HiGHS; no database (docs/trips.md)."""

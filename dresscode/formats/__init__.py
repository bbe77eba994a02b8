"""How dates are written where a template does not say: as the pages write them, with 24 hours."""

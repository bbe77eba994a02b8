"""Where drawn photos and networks come from: nothing here runs in the product, and no app imports it."""

"""A question that nobody asked, once a minute: an engine that is away is seen where no wearer asks."""

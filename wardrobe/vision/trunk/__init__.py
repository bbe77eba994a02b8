"""A network that learned from ImageNet: it comes from pip, and its graph is built here."""

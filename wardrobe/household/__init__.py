"""Households: shelves that people show each other, what is lent, and who may see what."""

"""Photos of garments, rendered: what the product shows where it may ship no photograph."""

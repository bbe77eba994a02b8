"""What the product says of its own work: ids, times and spans. Any app may import it; it imports none."""

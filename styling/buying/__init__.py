"""Should I buy this? A photo judged against the wardrobe, and kept nowhere (docs/numbers.md)."""

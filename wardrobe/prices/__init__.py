"""What garments cost: currencies, and figures of prices (docs/numbers.md)."""

"""What wearers write about clothes, read as wishes: pure functions, no database."""

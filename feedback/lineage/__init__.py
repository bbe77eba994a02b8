"""What became of corrections: from a version back to each of them, and from one forward to "went into v5"."""

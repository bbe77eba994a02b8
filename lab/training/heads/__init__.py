"""The heads that name types, patterns, materials, sleeves and lengths, and how they are fitted."""

"""Golden examples made of what people asked, uploaded and corrected."""

"""What prose names in German, Spanish and French: garments, weather, and how it takes back what it names."""

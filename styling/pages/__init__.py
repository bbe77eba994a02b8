"""What wearers do with the pieces of an outfit, and with outfits that they keep."""

"""What wearers want to be told: today's outfit at their hour, a sky that turned, what is due for the wash."""

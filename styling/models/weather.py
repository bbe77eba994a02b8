"""The weather that wearers were dressed for."""

from django.db import models
from django.db.models.functions import Now


class WeatherFeatures(models.Model):
    """One reading of the forecast for one place and day, cleaned; reused until it expires.

    `hours` is a list of `{"time": local ISO hour, "temperature_c", "apparent_c",
    "precipitation_mm", "precipitation_probability", "wmo_code", "wind_kmh", "uv", "is_day"}`.
    """

    latitude = models.FloatField(help_text="Rounded to 0.1°.")
    longitude = models.FloatField(help_text="Rounded to 0.1°.")
    date = models.DateField(help_text="In the place's time zone.")
    time_zone = models.CharField(max_length=64)
    hours = models.JSONField()
    sunrise = models.DateTimeField(null=True)
    sunset = models.DateTimeField(null=True)
    source = models.CharField(max_length=32, default="open-meteo")
    fetched_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "weather features"
        ordering = ["-fetched_at"]
        indexes = [
            models.Index(
                fields=["latitude", "longitude", "date", "expires_at"],
                name="weather_key",
            )
        ]

    def __str__(self) -> str:
        return f"{self.latitude}, {self.longitude} on {self.date}"

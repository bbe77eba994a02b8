from monitoring.models.drift import DriftReport

__all__ = ["DriftReport"]

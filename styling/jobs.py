from asgiref.sync import async_to_sync

from styling.streaming import leases
from styling.streaming.reading import give_up
from styling.weather import open_meteo


def sweep_suggestions_job() -> None:
    """Close the answers that nobody writes and nobody came back for."""
    if abandoned := leases.list_abandoned():
        async_to_sync(give_up)(abandoned)


def delete_expired_features_job() -> int:
    """Without it the store of forecasts would grow for ever."""
    return open_meteo.delete_expired_features()

from asgiref.sync import async_to_sync

from styling import forecasts, streams
from styling.services import claims


def sweep_suggestions_job() -> None:
    """Close the answers that nobody writes and nobody came back for."""
    if abandoned := claims.list_abandoned():
        async_to_sync(streams.give_up)(abandoned)


def delete_expired_features_job() -> int:
    """Without it the store of forecasts would grow for ever."""
    return forecasts.delete_expired_features()

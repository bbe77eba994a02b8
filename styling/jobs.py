import time

from asgiref.sync import async_to_sync

from styling.models import Look, Suggestion
from styling.services import pictures
from styling.streaming import leases
from styling.streaming.reading import give_up
from styling.weather import open_meteo

PICTURES_AT_ONCE, PICTURING_S = 500, 30.0
PICTURED: dict[str, type[Suggestion] | type[Look]] = {"suggestion": Suggestion, "look": Look}


def sweep_suggestions_job() -> None:
    """Close the answers that nobody writes and nobody came back for."""
    if abandoned := leases.list_abandoned():
        async_to_sync(give_up)(abandoned)


def delete_expired_features_job() -> int:
    """Without it the store of forecasts would grow for ever."""
    return open_meteo.delete_expired_features()


def picture_outfit_job(kind: str, pk: str) -> bool:
    outfit = PICTURED[kind]._default_manager.filter(pk=pk).first()
    return outfit is not None and pictures.picture_outfit(outfit)


def picture_outfits_job() -> int:
    """Compose pictures that are missing, as many as half a minute takes; answers with their number."""
    until, made = time.monotonic() + PICTURING_S, 0
    for model in PICTURED.values():
        for outfit in pictures.find_unpictured(model)[:PICTURES_AT_ONCE]:
            made += pictures.picture_outfit(outfit)
            if time.monotonic() > until:
                return made
    return made


def delete_orphan_pictures_job() -> int:
    return pictures.delete_orphans()

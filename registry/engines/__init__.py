"""Engines by name, as `settings.INFERENCE_ENGINES` configures them; one instance a process."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from registry.engines.base import Engine


@cache
def get_engine(name: str) -> Engine:
    """Raises LookupError for a name that settings do not have."""
    try:
        config = settings.INFERENCE_ENGINES[name]
    except KeyError:
        known = sorted(settings.INFERENCE_ENGINES)
        raise LookupError(f"No engine is called {name!r}; known: {known}") from None
    engine: Engine = import_string(config["ENGINE"])(name=name, **config.get("OPTIONS", {}))
    return engine


def preferred_engine(name: str) -> str:
    """The first that an engine passes questions to: what another one answered is no answer of it."""
    options = settings.INFERENCE_ENGINES.get(name, {}).get("OPTIONS", {})
    preferred: str = options.get("engines", [name])[0]
    return preferred

"""Engines by name, as `settings.INFERENCE_ENGINES` configures them; one instance a process."""

from collections.abc import Collection
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from registry.engines.base import Engine, EngineUnavailableError


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


BUILTIN = "builtin"
"""The one engine that is no model: to the same question under the same version it answers the same."""
TITLES = {BUILTIN: "Built-in", "vllm": "Gemma"}


def name_engine(name: str) -> str:
    """What pages call an engine."""
    return TITLES.get(name, name)


def engine_chain(name: str) -> tuple[str, ...]:
    """Those that an engine passes questions to, the first one first; of a plain engine itself."""
    options = settings.INFERENCE_ENGINES.get(name, {}).get("OPTIONS", {})
    return tuple(options.get("engines", [name]))


def preferred_engine(name: str, allowed: Collection[str] | None = None) -> str:
    """The first that an engine passes questions to: what another one answered is no answer of it.

    `allowed`: of those that may answer, if there is one.
    """
    chain = engine_chain(name)
    return next((engine for engine in chain if allowed is None or engine in allowed), chain[0])


def pick_engine(name: str, allowed: Collection[str] | None) -> Engine:
    """The engine to ask where `allowed` may answer. Raises EngineUnavailableError when none of its chain may."""
    chain = engine_chain(name)
    if allowed is not None and not set(chain) & set(allowed):
        raise EngineUnavailableError(f"{', '.join(chain)} has not passed: nobody may answer")
    return get_engine(name)


def list_engines(name: str) -> tuple[str, ...]:
    """All that could come to answer in an engine's name: a plain engine is asked alone, in place of a chain
    any plain one may be, whether it is configured now or not."""
    if "engines" not in settings.INFERENCE_ENGINES.get(name, {}).get("OPTIONS", {}):
        return (name,)
    chain = engine_chain(name)
    plain = [other for other in settings.INFERENCE_ENGINES if engine_chain(other) == (other,)]
    return (*[other for other in plain if other not in chain], *chain)

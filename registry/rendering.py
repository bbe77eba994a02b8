"""A request as an engine gets it: everything rendered under a version."""

import base64
import hashlib
from collections.abc import Callable, Collection
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from registry.answers import clean_text
from registry.engines.base import EngineRequest
from registry.engines.builtin import read_pace
from registry.models import CallRequest, InferenceCall
from registry.prompts import bundles
from registry.prompts.live_versions import LiveVersion
from registry.tasks import AnyTask, Image

MOST_PICTURE_BYTES = 3 * 1024 * 1024
"""Of the few-shot pictures of one request, together."""


def build_request(task: AnyTask, context: Any, live: LiveVersion, seed: int) -> EngineRequest:
    """Everything an engine needs, rendered under a version."""
    bundle, parameters = live.bundle, live.parameters
    variables = {name: clean_text(text) for name, text in task.fill_variables(context).items()}
    return EngineRequest(
        task=task.name,
        system=bundles.render(bundle["system"], variables),
        user=bundles.render(bundle["user"], variables),
        schema=task.schema(context, parameters),
        images=tuple(task.images(context)),
        tools=tuple(task.tools(context, parameters)),
        examples=show_examples(live),
        model=bundles.name_model(bundle["model"]),
        sampling=bundle["sampling"],
        enable_thinking=bundle["enable_thinking"],
        seed=seed,
        offline=lambda: task.offline(context, parameters),
        deadline_s=task.deadline_s,
        pace_ms=read_pace(parameters),
        allowed=live.engines,
    )


def show_examples(live: LiveVersion) -> list[dict[str, Any]]:
    """The few-shot examples of a version as an engine gets them.

    One whose picture nobody lets us show any more is left out with its words, as are pictures beyond
    MOST_PICTURE_BYTES together. The built-in engine reads none.
    """
    examples: list[dict[str, Any]] = live.bundle["examples"]
    wanted = [one["picture"] for one in examples if "picture" in one]
    if not wanted or live.engine == "builtin":
        return [one for one in examples if "picture" not in one]
    find: Callable[[Collection[str]], dict[str, bytes]] = import_string(
        settings.EXAMPLE_PICTURES_FINDER
    )
    pictures, size, shown = find(wanted), 0, []
    for one in examples:
        if "picture" not in one:
            shown.append(one)
            continue
        data = pictures.get(one["picture"], b"")
        size += len(data)
        if data and size <= MOST_PICTURE_BYTES:
            texts = {"user": one["user"], "assistant": one["assistant"]}
            shown.append({**texts, "image": Image(data)})
    return shown


def hash_input(request: EngineRequest) -> str:
    """The SHA-256 of what decides the answer, apart from the version."""
    images = [hash_picture(image.data) for image in request.images]
    told = [request.system, request.user, request.schema, images, request.seed]
    shown = [hash_picture(one["image"].data) for one in request.examples if "image" in one]
    return bundles.digest([*told, shown] if shown else told)


def hash_picture(data: bytes) -> str:
    """The SHA-256 of a picture's bytes, in base64."""
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def keep_request(
    request: EngineRequest, call: InferenceCall, owner_id: Any, context: dict[str, Any]
) -> CallRequest:
    """The row that says what a call was asked for somebody, with the context as its task stores it."""
    return CallRequest(
        call=call,
        owner_id=owner_id,
        system=request.system,
        user=request.user,
        schema=request.schema,
        picture_sha256s=[hash_picture(image.data) for image in request.images],
        context=context,
    )

"""A request as an engine gets it: everything rendered under a version."""

import base64
import hashlib
from typing import Any

from accounts.models import User
from registry.answers import clean_text
from registry.engines.base import EngineRequest
from registry.engines.builtin import read_pace
from registry.models import CallRequest, InferenceCall
from registry.prompts import bundles
from registry.prompts.live_versions import LiveVersion
from registry.tasks import AnyTask


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
        examples=bundle["examples"],
        model=bundles.name_model(bundle["model"]),
        sampling=bundle["sampling"],
        enable_thinking=bundle["enable_thinking"],
        seed=seed,
        offline=lambda: task.offline(context, parameters),
        pace_ms=read_pace(parameters),
        allowed=live.engines,
    )


def hash_input(request: EngineRequest) -> str:
    """The SHA-256 of what decides the answer, apart from the version."""
    images = [hash_picture(image.data) for image in request.images]
    return bundles.digest([request.system, request.user, request.schema, images, request.seed])


def hash_picture(data: bytes) -> str:
    """The SHA-256 of a picture's bytes, in base64."""
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def keep_request(
    request: EngineRequest, call: InferenceCall, owner_id: Any, context: dict[str, Any]
) -> CallRequest | None:
    """The row that says what a call was asked for somebody, with the context as its task stores it; None where
    the account was closed meanwhile."""
    if not User.objects.filter(pk=owner_id).exists():
        return None
    return CallRequest(
        call=call,
        owner_id=owner_id,
        system=request.system,
        user=request.user,
        schema=request.schema,
        picture_sha256s=[hash_picture(image.data) for image in request.images],
        context=context,
    )

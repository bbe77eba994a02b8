"""System checks: tasks and engines that settings name can be imported, and vLLM's addresses are some."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string


@register()
def check_dotted_paths(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    engines = [config["ENGINE"] for config in settings.INFERENCE_ENGINES.values()]
    errors: list[CheckMessage] = []
    for path in [*settings.INFERENCE_TASKS, *engines]:
        try:
            import_string(path)
        except ImportError as error:
            errors.append(Error(f"{path} cannot be imported: {error}", id="registry.E001"))
    return errors


@register()
def check_vllm_urls(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    urls = {
        "VLLM_BASE_URL": settings.VLLM_BASE_URL,
        "EMBEDDINGS_BASE_URL": settings.EMBEDDINGS["base_url"],
    }
    return [
        Error(f"{name} must look like http://host:8000, not {url!r}", id="registry.E002")
        for name, url in urls.items()
        if url and not is_address(url)
    ]


def is_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)

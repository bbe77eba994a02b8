"""System checks: tasks and engines that settings name can be imported, and vLLM's address is one."""

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
def check_vllm_url(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    url = settings.VLLM_BASE_URL
    parts = urlsplit(url)
    if not url or (parts.scheme in {"http", "https"} and parts.hostname):
        return []
    return [
        Error(f"VLLM_BASE_URL must look like http://host:8000, not {url!r}", id="registry.E002")
    ]

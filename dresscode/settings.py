"""Settings: from the environment only, loud on bad values. `.env.example` lists every variable.

With `DATABASE_URL` or `REDIS_URL` unset, that store is *embedded*: `manage.py up` starts it.
"""

from pathlib import Path
from typing import Any

from environs import Env

from dresscode.embedded import paths

env = Env()
env.read_env()

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR: Path = env.path("DRESSCODE_STATE", BASE_DIR / ".dresscode").resolve()

DATABASE_URL: str = env.str("DATABASE_URL", "")
REDIS_URL: str = env.str("REDIS_URL", "") or paths.redis_url(STATE_DIR)
EMBEDDED_POSTGRES = not DATABASE_URL
EMBEDDED_REDIS = not env.str("REDIS_URL", "")
EMBEDDED = EMBEDDED_POSTGRES

DEBUG: bool = env.bool("DEBUG", False)
SECRET_KEY: str = env.str(
    "SECRET_KEY", "insecure-until-the-platform-helper-replaces-this"
)
SITE_URL: str = env.str("SITE_URL", "http://localhost:8000")
ALLOWED_HOSTS: list[str] = ["localhost", "127.0.0.1", "[::1]", "testserver"]

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "django_rq",
    "axes",
    "channels",
    "dresscode",
    "monitoring",
    "feedback",
    "styling",
    "wardrobe",
    "registry",
]

AUTH_USER_MODEL = "wardrobe.User"
ROOT_URLCONF = "dresscode.urls"
ASGI_APPLICATION = "dresscode.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES: dict[str, Any] = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "dresscode",
        "USER": "dresscode",
        "HOST": str(paths.socket_dir(STATE_DIR)),
        "CONN_HEALTH_CHECKS": True,
    }
}

INFERENCE_TASKS = ["wardrobe.tasks.DigitizePhoto", "styling.tasks.SuggestOutfit"]

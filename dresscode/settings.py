"""Settings: from the environment only, loud on bad values. `.env.example` lists every variable.

With `DATABASE_URL` or `REDIS_URL` unset, that store is *embedded*: `manage.py up` starts it.
"""

import logging
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from environs import validate

from accounts.languages import options as languages
from accounts.signin import options
from dresscode import theme
from dresscode.environment.databases import read_database, read_pooled
from dresscode.environment.reading import (
    ABOVE_ZERO,
    BASE_DIR,
    PORTS,
    PROCESSES,
    env,
    read_networks,
    read_photo_storage,
    read_redis_url,
    read_secret_key,
    read_site_url,
    read_trace_url,
    read_url,
    read_vapid_key,
)
from dresscode.logs import make_logging
from dresscode.queues import periodic
from stores import redis as stores

django_stubs_ext.monkeypatch()  # `ModelForm[Profile]` is for the type checker; at run time it needs this.

# Where we run

STATE_DIR = env.path("DRESSCODE_STATE", BASE_DIR / ".dresscode").resolve()
PROCESS: str = env.str("DRESSCODE_PROCESS", "command", validate=PROCESSES)
EMBEDDED_POSTGRES = not env.str("DATABASE_URL", "")
EMBEDDED_REDIS = not env.str("REDIS_URL", "")
EMBEDDED = EMBEDDED_POSTGRES

DEBUG: bool = env.bool("DEBUG", False)

SECRET_KEY: str = read_secret_key(STATE_DIR, embedded=EMBEDDED)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])

# Who may call us, and how

SITE_URL = read_site_url(embedded=EMBEDDED)
SITE = urlsplit(SITE_URL)
SECURE = SITE.scheme == "https"
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
# Behind https there is a proxy: it has the site's port, and we have another.
PORT: int = env.int("PORT", 8000 if SECURE else SITE.port or 80, validate=PORTS)
BIND_ADDRESS: str = env.str("BIND_ADDRESS", "127.0.0.1")
MAXIMUM_SOCKETS: int = env.int("MAXIMUM_SOCKETS", 2000, validate=ABOVE_ZERO)
WORKERS: int = env.int("DRESSCODE_WORKERS", 1, validate=validate.Range(min=1, max=64))

ALLOWED_HOSTS: list[str] = [
    SITE.hostname or "",
    *(LOCAL_HOSTS if EMBEDDED else []),
    *env.list("ALLOWED_HOSTS", []),
]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# What we are made of

INSTALLED_APPS = [
    "unfold",
    "dresscode.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "dresscode",
    "django_rq",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "channels",
    "dresscode.own_data",
    "monitoring",
    "feedback",
    "styling",
    "wardrobe",
    "registry",
    "accounts",
]

MIDDLEWARE = [
    "dresscode.middleware.TraceMiddleware",
    "monitoring.metrics.requests.CountRequestsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "dresscode.middleware.ContentSecurityPolicyMiddleware",
    "dresscode.middleware.StaticFilesMiddleware",
    "dresscode.web.refusals.RefusalMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "telemetry.moves.LogMovesMiddleware",
    "accounts.languages.middleware.LanguageMiddleware",
    "dresscode.middleware.PrivateResponseMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.second_factor.requiring.RequireSecondFactorMiddleware",
    "wardrobe.middleware.UploadEventMiddleware",
    "dresscode.middleware.OddFilterMiddleware",
]

AUTH_USER_MODEL = "accounts.User"
ROOT_URLCONF = "dresscode.urls"
ASGI_APPLICATION = "dresscode.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

FORM_RENDERER = "accounts.rendering.FormRenderer"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

globals().update(languages.SETTINGS)  # Which there are, their files, what keeps one.
TIME_ZONE = "UTC"

# PostgreSQL

DATABASES: dict[str, Any] = {"default": read_database(STATE_DIR, process=PROCESS)}
DATABASE_POOLED = read_pooled()

# Redis: cache, jobs, and the channel layer, which is only a doorbell

REDIS_URL = read_redis_url(STATE_DIR)
REDIS_PREFIX: str = env.str("REDIS_PREFIX", "dresscode")

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        **stores.cache_place(REDIS_URL),
        "KEY_PREFIX": REDIS_PREFIX,
    }
}

# Whoever rings is held up by a Redis that hangs for so long at most; who listens waits as long as it takes.
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {
            "hosts": [stores.channel_host(REDIS_URL, socket_timeout=5, max_connections=2000)],
            "prefix": REDIS_PREFIX,
        },
    }
}

# JSON, not pickle: whoever can write to Redis must not run code. Timeouts in seconds.
RQ = {
    "WORKER_CLASS": "dresscode.queues.workers.Worker",
    "QUEUE_CLASS": "dresscode.queues.traced.TracedQueue",
    "COMMIT_MODE": "on_db_commit",
}
RQ_QUEUES: dict[str, dict[str, Any]] = {
    name: {
        **stores.queue_options(REDIS_URL),
        "SERIALIZER": "rq.serializers.JSONSerializer",
        "DEFAULT_TIMEOUT": timeout,
        "DEFAULT_RESULT_TTL": 600,
    }
    for name, timeout in (("photos", 120), ("maintenance", 300))
}
RQ_SHOW_ADMIN_LINK = False
WORKER_MEMORY_MB: int = env.int("DRESSCODE_WORKER_MEMORY_MB", 2048, validate=ABOVE_ZERO)

# Files: static ones under hashed names, photos private

STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = STATE_DIR / "media"
MEDIA_URL = "/unserved-media/"  # Photos go through a view that asks for their owner.
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# One machine has no network to spare, and compressing takes a second of its first start.
HASHED_STORAGE = (
    "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    if EMBEDDED
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
PLAIN_STORAGE = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES: dict[str, Any] = {
    "default": read_photo_storage(),
    "staticfiles": {"BACKEND": PLAIN_STORAGE if DEBUG else HASHED_STORAGE},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Photos: what may be uploaded. The pixel limits hold before a decoder allocates memory: JPEG and PNG
# are decoded at a reduced scale or row by row, the others whole. What phones write may have the 50 megapixels of their
# sensors: a WebP of them takes 0.8 GB to decode, an AVIF 0.45, a HEIC 0.35, of the 2 that a worker may have.

PHOTO_MAX_BYTES: int = env.int("PHOTO_MAX_BYTES", 20 * 1024 * 1024, validate=ABOVE_ZERO)
PHOTO_MAX_PIXELS: dict[str, int] = {
    **dict.fromkeys(("jpeg", "png", "webp", "avif", "heif"), 52_000_000),
    **dict.fromkeys(("gif", "tiff", "bmp"), 25_000_000),
}
PHOTO_MAX_COUNT: int = env.int("PHOTO_MAX_COUNT", 30, validate=ABOVE_ZERO)
IMPORT_MAX_BYTES: int = env.int("IMPORT_MAX_BYTES", 30 * PHOTO_MAX_BYTES, validate=ABOVE_ZERO)
PHOTO_DECODE_CPU_S: int = env.int("PHOTO_DECODE_CPU_S", 20, validate=validate.Range(min=1))
PHOTO_LEASE_S: float = env.float("PHOTO_LEASE_S", 30.0, validate=ABOVE_ZERO)

DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024  # Everything in a request but its files.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = PHOTO_MAX_COUNT
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# Signing in

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
PASSWORD_RESET_TIMEOUT = 60 * 60
AXES_FAILURE_LIMIT = 5
globals().update(options.SETTINGS)  # Of passwords, django-axes and django-allauth.

# Whether a new wearer follows a link in a mail before the first sign-in: where mail goes somewhere, unless said

EMAIL_CONFIG = env.dj_email_url("EMAIL_URL", "console:")
CONFIRM_EMAIL: bool = env.bool("CONFIRM_EMAIL", "console" not in EMAIL_CONFIG["EMAIL_BACKEND"])

# Whether operators need a second factor: on real servers, unless said
STAFF_SECOND_FACTOR: bool = env.bool("STAFF_SECOND_FACTOR", bool(env.str("SITE_URL", "")))

# Accounts that exist in embedded mode only, with a password that everyone may know

DEMO_WEARER = "mara@example.com"
DEMO_OPERATOR = "operator@example.com"
DEMO_PASSWORD = "try-before-you-wear" if EMBEDDED else ""

# What browsers are told

COOKIE_PREFIX = "__Host-" if SECURE else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^(livez|readyz)$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE and env.bool("HSTS_PRELOAD", False)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
# A place on the browsers' preload list is hard to give back: the owner of the domain asks for it.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

WEARER_POLICY = theme.make_wearer_policy(SITE_URL)
ADMIN_POLICY = theme.make_admin_policy(SITE_URL)
CONTENT_SECURITY_POLICY = {"DIRECTIVES": WEARER_POLICY}
ADMIN_PATH = "admin/"
UNFOLD = theme.UNFOLD

# Mail

EMAIL_BACKEND: str = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST: str = EMAIL_CONFIG.get("EMAIL_HOST") or "localhost"
EMAIL_PORT: int = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER: str = EMAIL_CONFIG.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD: str = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS: bool = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL: bool = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", f"Dresscode <no-reply@{SITE.hostname}>")

# Who is told of alerts by mail; who may read /metrics: whoever holds the token. Networks: private ones that webhooks may
# go to, and that wearers' calendars and push services may be on; those that read /metrics where no proxy stands between

ALERT_EMAILS: list[str] = env.list("ALERT_EMAILS", [])
ALERT_WEBHOOK_NETWORKS = read_networks("ALERT_WEBHOOK_NETWORKS")
WEARER_NETWORKS = read_networks("WEARER_NETWORKS")
VAPID_PRIVATE_KEY = read_vapid_key(STATE_DIR, embedded=EMBEDDED)  # Of Web Push.
METRICS_TOKEN: str = env.str("METRICS_TOKEN", "")
METRICS_NETWORKS = read_networks("METRICS_NETWORKS")

# Where traces are sent by OTLP over HTTP; unset, nowhere. OpenTelemetry reads its other variables itself.

OTEL_EXPORTER_OTLP_ENDPOINT = read_url("OTEL_EXPORTER_OTLP_ENDPOINT", "")
# Where operators read one, and its log lines; unset, pages have no link.
TRACE_URL, LOG_URL = read_trace_url("TRACE_URL"), read_trace_url("LOG_URL")

# What calls were asked and answered is kept for as many days, the calls themselves for longer; figures of them for ever.

CALL_WORDS_KEPT_DAYS: int = env.int("CALL_WORDS_KEPT_DAYS", 30, validate=ABOVE_ZERO)
CALLS_KEPT_DAYS: int = env.int("CALLS_KEPT_DAYS", 180, validate=validate.Range(min=31))

# Models. `default` is the engine of a version that names none and the fallback of those that fail.

INFERENCE_TASKS = ["styling.tasks.SuggestOutfit", "wardrobe.tasks.DigitizePhoto"]
VLLM_BASE_URL = read_url("VLLM_BASE_URL", "").rstrip("/")
# Photos that one worker keeps before the model at once. Without one, looking takes a whole core.
CALLS_PER_WORKER: int = env.int(
    "DRESSCODE_CALLS_PER_WORKER",
    8 if VLLM_BASE_URL else 1,
    validate=validate.Range(min=1, max=64),
)
INFERENCE_ENGINES: dict[str, dict[str, Any]] = {
    "builtin": {"ENGINE": "registry.engines.builtin.BuiltinEngine", "OPTIONS": {}},
    "vllm": {
        "ENGINE": "registry.engines.vllm.VllmEngine",
        "OPTIONS": {
            "base_url": VLLM_BASE_URL,
            "api_key": env.str("VLLM_API_KEY", ""),
            # Its name and the commit of its weights, which no two releases of it share.
            "model": env.str(
                "VLLM_MODEL", "google/gemma-4-E4B-it@ee0ef6023621cff504d758262d4e04895a5af4a2"
            ),
            "connect_timeout_s": env.float("VLLM_CONNECT_TIMEOUT_S", 3.0, validate=ABOVE_ZERO),
            "first_token_timeout_s": env.float(
                "VLLM_FIRST_TOKEN_TIMEOUT_S", 5.0, validate=ABOVE_ZERO
            ),
            "token_timeout_s": env.float("VLLM_TOKEN_TIMEOUT_S", 2.5, validate=ABOVE_ZERO),
            "total_timeout_s": env.float("VLLM_TOTAL_TIMEOUT_S", 120.0, validate=ABOVE_ZERO),
            "overload_timeout_s": env.float("VLLM_OVERLOAD_TIMEOUT_S", 5.0, validate=ABOVE_ZERO),
        },
    },
    "default": {
        "ENGINE": "registry.engines.fallback.FallbackEngine",
        "OPTIONS": {"engines": ["vllm", "builtin"] if VLLM_BASE_URL else ["builtin"]},
    },
}
# Each engine is asked a question of nobody's every so many seconds; 0 for never.
PROBE_SECONDS: int = env.int("PROBE_SECONDS", 60, validate=validate.Range(min=0))
PROBED_ENGINES = INFERENCE_ENGINES["default"]["OPTIONS"]["engines"] if PROBE_SECONDS else []
SCHEDULED_JOBS = periodic.list_jobs(probe_s=PROBE_SECONDS)
# Vectors of garments, from a second vLLM; without its address the type network's alone.
EMBEDDINGS: dict[str, Any] = {
    "base_url": read_url("EMBEDDINGS_BASE_URL", "").rstrip("/"),
    "api_key": env.str("EMBEDDINGS_API_KEY", ""),
    "model": env.str("EMBEDDINGS_MODEL", "google/siglip-base-patch16-224"),
    "dimensions": env.int("EMBEDDINGS_DIMENSIONS", 768, validate=validate.Range(min=1, max=16_000)),
    "timeout_s": env.float("EMBEDDINGS_TIMEOUT_S", 5.0, validate=ABOVE_ZERO),
    "alike_distance": env.float(
        "EMBEDDINGS_ALIKE_DISTANCE", 0.15, validate=validate.Range(min=0, max=2)
    ),
}
CORRECTION_RECORDER = "feedback.services.corrections.record_corrections"
CORRECTION_FINDER = "feedback.services.corrections.find_corrected_calls"
LEARNED_FINDER = "feedback.training.lineage.has_learned"
GARMENT_SIGNAL_RECORDER = "feedback.services.signals.record_signal"
SWAP_RECORDER = "feedback.learning.recording.record_outfit_signal"
CURRENCY_FINDER = "styling.services.profiles.find_currency"
PREFERENCES_FINDER = "feedback.learning.preferences.find_preferences"
EXAMPLE_OFFER = "feedback.golden.offers.offer_example"
CALL_PICTURE_FINDER = "wardrobe.services.photos.find_picture"
EXAMPLE_PICTURES_FINDER = "feedback.proposals.pictures.find_pictures"

# Releases: whether what somebody wrote in the admin takes somebody else to go live

TWO_PERSON_RELEASE: bool = env.bool("TWO_PERSON_RELEASE", False)

# Weather

OPEN_METEO_URL = read_url("OPEN_METEO_URL", "https://api.open-meteo.com/v1/forecast")
WEATHER_TIMEOUT_S: float = env.float("WEATHER_TIMEOUT_S", 8.0, validate=ABOVE_ZERO)

# Logs: one line per event with the id of its request; LOG_FORMAT=json for machines

LOG_LEVEL: str = env.str(
    "LOG_LEVEL", "INFO", validate=validate.OneOf(list(logging.getLevelNamesMapping()))
)
LOG_FORMAT: str = env.str("LOG_FORMAT", "text", validate=validate.OneOf(["text", "json"]))
LOGGING = make_logging(level=LOG_LEVEL, format=LOG_FORMAT)

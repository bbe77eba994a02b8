"""Where the stores are, as addresses say it; knows no app."""

from stores.lean import import_without

import_without("redis", "opentelemetry.sdk.metrics")  # 2 MB and 0.1 s of every process.

"""The product's own settings as in production, with the pages that only the benchmark knows."""

from branchsys.settings import *  # noqa: F403 - settings are inherited this way
from branchsys.settings import HUEY, STORAGES, VAR_DIR

ROOT_URLCONF = "tests.benchmarks.urls"
STATIC_ROOT = VAR_DIR / "static"
# Hashed names looked up in a manifest, as in production; the compressed copies would only take time to make.
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
}
# The roster is read where it is measured, and not by a worker.
HUEY = HUEY | {"immediate": True}
LOGGING = {"version": 1, "disable_existing_loggers": True}

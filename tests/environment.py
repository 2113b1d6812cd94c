"""Loaded by pytest before anything else (`-p tests.environment`): the settings read these while they load.

A conftest would be too late, because pytest-django loads the settings first.
"""

import gc
import os

# Nothing that is made while settings, models and five thousand tests are loaded goes away again; searching it
# for garbage takes a third of that time. `conftest.py` turns the collector on when the tests are known.
gc.disable()

# The development settings, whatever the shell says: no secrets needed, plain static files, plain cookies.
os.environ["DEBUG"] = "true"
for production_only in (
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "SECURE_COOKIES",
    "SECURE_SSL_REDIRECT",
    "BEHIND_PROXY",
):
    os.environ.pop(production_only, None)
# The browser's library keeps an event loop in the test's own thread, where Django would refuse its ORM.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

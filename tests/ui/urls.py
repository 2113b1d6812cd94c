from django.urls import include, path

from tests.ui import gallery
from tests.ui.admin_site import site

handler400 = "apps.ui.errors.bad_request"
handler403 = "apps.ui.errors.permission_denied"
handler404 = "apps.ui.errors.not_found"
handler500 = "apps.ui.errors.server_error"

urlpatterns = [
    path("", gallery.gallery),
    path("people/", gallery.people),
    path("form/", gallery.form),
    path("confirm/", gallery.confirm),
    path("open/", gallery.open_page),
    path("locked/", gallery.locked),
    path("crash/", gallery.crash),
    path("forbidden/", gallery.forbidden),
    path("missing/", gallery.missing),
    path("admin/", site.urls),
    # The live server was started with the product's middleware, which leads to these.
    path("accounts/", include("apps.accounts.urls")),
]

import pytest
from django.http import HttpRequest, HttpResponse

from apps.audit.middleware import current_ip, remember_request
from apps.audit.services import record


def address_seen(rf, **headers: str) -> str | None:
    seen: list[str | None] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(current_ip())
        return HttpResponse()

    remember_request(view)(rf.get("/", **headers))
    return seen[0]


def test_the_address_of_the_peer_is_remembered_during_the_request(rf) -> None:
    assert address_seen(rf, REMOTE_ADDR="10.1.2.3") == "10.1.2.3"
    assert current_ip() is None


def test_it_is_forgotten_after_a_failure_too(rf) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        remember_request(view)(rf.get("/", REMOTE_ADDR="10.1.2.3"))
    assert current_ip() is None


def test_a_forwarded_address_counts_only_behind_our_own_proxy(rf, settings) -> None:
    claim = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 10.1.2.3"}
    settings.SECURE_PROXY_SSL_HEADER = None
    assert address_seen(rf, **claim) == "127.0.0.1"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert address_seen(rf, **claim) == "10.1.2.3"
    assert address_seen(rf, REMOTE_ADDR="127.0.0.1") == "127.0.0.1"


def test_what_is_no_address_is_none(rf) -> None:
    assert address_seen(rf, REMOTE_ADDR="") is None
    assert address_seen(rf, REMOTE_ADDR="unix:") is None


def test_a_deed_carries_the_address(rf, db: None) -> None:
    deeds = []
    remember_request(lambda request: deeds.append(record(actor=None, action="a.b")) or HttpResponse())(
        rf.get("/", REMOTE_ADDR="2001:0db8::0001")
    )
    deeds[0].refresh_from_db()
    assert deeds[0].ip == "2001:db8::1"

"""Every address of the table, asked over real TLS: as nobody, as every role, with every token."""

import re
import socket
import ssl
from contextlib import closing

import httpx
import pytest
from argon2 import PasswordHasher

from sekisho.gate.admin.book import Book, Token, User
from sekisho.gate.admin.roles import GRANTS, SCOPES, Permission, Role
from sekisho.gate.admin.routes import ROUTES, Door, Open, of_door
from sekisho.gate.admin.words import digest
from sekisho.shell.admin.folder import CERTIFICATE, keep_book, new_folder
from sekisho.terms.quantity import WallMs
from tests.admin_process import PASSWORD, AdminProcess, form_token, sent

PAGES = tuple(of_door(Door.PAGE))
CALLS = tuple(of_door(Door.API))
LATER = WallMs(4_102_444_800_000)
SECRET = "A" * 43


def token_secret(name):
    return f"skt_{name:0<8}_{SECRET}"


def token(name, scopes, owner="engineer", ends=LATER):
    made = token_secret(name)
    return Token(
        id=made.split("_")[1],
        digest=digest(made),
        owner=owner,
        name=name,
        scopes=frozenset(scopes),
        made=WallMs(0),
        ends=ends,
    )


def crowded():
    """A book with one person of each role, and tokens."""
    book = Book(setup=None)
    encoded = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    for role in Role:
        book = book.with_user(User(name=role.value, role=role, password=encoded))
    for scope in SCOPES:
        book = book.with_token(token(scope.value.replace("-", "")[:8], {scope}))
    book = book.with_token(token("ended", SCOPES, ends=WallMs(1)))
    book = book.with_token(token("lowered", SCOPES, owner="viewer"))
    return book.with_token(token("greedy", frozenset(Permission)))


@pytest.fixture(scope="module")
def admin(tmp_path_factory):
    folder = tmp_path_factory.mktemp("admin") / "state"
    made, _ = new_folder(folder)
    keep_book(made, crowded())
    with AdminProcess(folder, folder.parent / "no-gate.sock") as running:
        yield running


@pytest.fixture(scope="module")
def people(admin):
    clients = {}
    for role in Role:
        client = admin.client()
        form = {"name": role.value, "password": PASSWORD}
        assert client.post("/login", data=form).status_code == 303
        clients[role] = client
    yield clients
    for client in clients.values():
        client.close()


@pytest.fixture(scope="module")
def nobody(admin):
    with closing(admin.client()) as client:
        yield client


def concrete(route):
    return re.sub(r"\{\w+\}", "admin.css", route.path)


def ask(client, route, **more):
    if route.method == "GET":
        return client.get(concrete(route), **more)
    if route.door is Door.API:
        headers = {"Content-Type": route.takes, **more.pop("headers", {})}
        return client.post(concrete(route), content=b'{"x": 1}', headers=headers, **more)
    return client.post(concrete(route), **more)


def called(route):
    return f"{route.method} {route.path}"


@pytest.mark.parametrize("route", ROUTES, ids=called)
def test_without_credentials_only_the_way_in_is_open(nobody, route):
    answer = ask(nobody, route)
    if route.needs is Open.ANYBODY:
        assert answer.status_code != 403
    else:
        assert answer.status_code == 401


LASTING = tuple(route for route in PAGES if route.name not in {"logout", "sessions"})
"""The others end the session that asks, and are asked where one is made for it."""


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("route", LASTING, ids=called)
def test_a_page_opens_for_exactly_the_roles_of_the_table(people, route, role):
    client = people[role]
    data = {} if route.method == "GET" else {"data": {"form_token": form_token(client)}}
    answer = ask(client, route, **data)
    match route.needs:
        case Open.HALF:
            assert answer.status_code == 401
        case Open.ANYBODY:
            assert answer.status_code not in {403, 404, 405}
        case needed if needed in GRANTS[role]:
            assert answer.status_code not in {401, 403, 404, 405, 500}
        case _:
            assert answer.status_code == 403


CHANGES = tuple(r for r in PAGES if r.changes and r.needs is not Open.HALF)


@pytest.mark.parametrize("route", CHANGES, ids=called)
def test_no_change_is_made_without_the_forms_token_or_from_another_page(people, route):
    client = people[Role.SECURITY if route.needs in GRANTS[Role.SECURITY] else Role.ENGINEER]
    right = {"form_token": form_token(client)}
    assert ask(client, route, data={}).status_code == 403
    assert ask(client, route, data={"form_token": "x"}).status_code == 403
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ):
        assert ask(client, route, data=right, headers=headers).status_code == 403


@pytest.mark.parametrize("route", CALLS, ids=called)
def test_a_call_opens_for_exactly_the_tokens_that_carry_its_permission(nobody, people, route):
    for scope in SCOPES:
        name = scope.value.replace("-", "")[:8]
        answer = ask(nobody, route, headers={"Authorization": f"Bearer {token_secret(name)}"})
        if scope is route.needs:
            assert answer.status_code not in {401, 403, 404, 405, 500}
        else:
            assert answer.status_code == 403
    for name in ("ended", "unknown"):
        answer = ask(nobody, route, headers={"Authorization": f"Bearer {token_secret(name)}"})
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert set(answer.json()["error"]) == {"status", "ja", "en"}
    lowered = ask(nobody, route, headers={"Authorization": f"Bearer {token_secret('lowered')}"})
    assert (lowered.status_code == 403) is (route.needs not in GRANTS[Role.VIEWER])
    assert ask(people[Role.ENGINEER], route).status_code == 401


@pytest.mark.parametrize("path", ["/logout", "/account/sessions"])
@pytest.mark.parametrize("role", Role)
def test_everybody_may_end_their_own_sessions(admin, role, path):
    with closing(admin.client()) as client, closing(admin.client()) as other:
        form = {"name": role.value, "password": PASSWORD}
        for one in (client, other):
            assert one.post("/login", data=form).status_code == 303
        stolen = client.cookies["__Host-sekisho"]
        assert sent(client, path).status_code == 303
        assert client.get("/", headers={"Cookie": f"__Host-sekisho={stolen}"}).status_code == 401
        assert other.get("/account").status_code == (200 if path == "/logout" else 401)


def test_a_call_of_another_media_type_is_told_so(nobody):
    for name, path in (("propose", "/api/v1/documents"), ("dropupda", "/api/v1/updates")):
        headers = {"Authorization": f"Bearer {token_secret(name)}", "Content-Type": "text/plain"}
        assert nobody.post(path, content=b"x", headers=headers).status_code == 415


def test_a_token_opens_no_page(nobody):
    headers = {"Authorization": f"Bearer {token_secret('greedy')}"}
    for route in PAGES:
        if route.needs is not Open.ANYBODY:
            assert ask(nobody, route, headers=headers).status_code == 401


def test_an_address_that_is_not_in_the_table_does_not_exist(nobody, people):
    for client in (nobody, people[Role.SECURITY]):
        for path in ("/admin", "/api/v1/nothing", "/static/../door.py", "/static/door.py", "/docs"):
            assert client.get(path).status_code == 404
    answer = nobody.delete("/login")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, POST"


def test_every_answer_carries_the_strict_headers_and_is_kept_nowhere(nobody, people):
    for answer in (
        nobody.get("/login"),
        nobody.get("/nothing"),
        nobody.get("/api/v1/status"),
        people[Role.VIEWER].get("/"),
        people[Role.VIEWER].get("/users"),
    ):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "server" not in answer.headers


def test_a_page_names_no_address_but_its_own_and_carries_no_inline_script_or_style(people):
    for route in PAGES:
        if route.method == "GET" and route.needs is not Open.HALF:
            text = people[Role.SECURITY].get(concrete(route)).text
            assert not re.search(r"https?://", text.replace("otpauth://", ""))
            assert not re.search(r"<script|<style|\sstyle=|\son\w+=", text)


def test_the_cookie_is_for_this_host_over_tls_alone_and_for_no_script(admin):
    with closing(admin.client()) as client:
        answer = client.post("/login", data={"name": "viewer", "password": PASSWORD})
        cookie = answer.headers["Set-Cookie"]
        assert cookie.startswith("__Host-sekisho=")
        for word in ("Secure", "HttpOnly", "SameSite=strict", "Path=/"):
            assert word in cookie
        assert "Domain" not in cookie
        assert len(client.cookies["__Host-sekisho"]) == 43


def test_a_body_larger_than_its_route_takes_is_not_read(people, nobody):
    form = {"name": "x", "password": "y" * 20_000}
    assert nobody.post("/login", data=form).status_code == 413

    def endless():
        while True:
            yield b"x" * 4_096

    assert nobody.post("/login", content=endless()).status_code in {400, 413}


def test_tls_is_1_2_or_newer_with_suites_that_keep_secrets_and_integrity(admin):
    port = httpx.URL(admin.address).port

    def shaken(**limits):
        context = ssl.create_default_context(cafile=admin.folder / CERTIFICATE)
        for name, value in limits.items():
            if name == "ciphers":
                context.set_ciphers(value)
            else:
                setattr(context, name, value)
        with (
            socket.create_connection(("127.0.0.1", port), 5) as plain,
            context.wrap_socket(plain, server_hostname="127.0.0.1") as tls,
        ):
            found = tls.cipher()
            assert found is not None
            return tls.version(), found[0]

    assert shaken()[0] == "TLSv1.3"
    version, suite = shaken(maximum_version=ssl.TLSVersion.TLSv1_2)
    assert version == "TLSv1.2"
    assert suite.startswith("ECDHE-ECDSA-")
    assert "GCM" in suite or "CHACHA20" in suite
    for weak in ("ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA", "AES128-GCM-SHA256"):
        with pytest.raises(ssl.SSLError):
            shaken(maximum_version=ssl.TLSVersion.TLSv1_2, ciphers=weak)
    with pytest.warns(DeprecationWarning, match="TLSv1"), pytest.raises(ssl.SSLError):
        shaken(
            minimum_version=ssl.TLSVersion.TLSv1,
            maximum_version=ssl.TLSVersion.TLSv1_1,
            ciphers="ALL:@SECLEVEL=0",
        )


def test_plain_http_is_not_answered(admin):
    port = httpx.URL(admin.address).port
    with socket.create_connection(("127.0.0.1", port), 5) as plain:
        plain.sendall(b"GET /login HTTP/1.1\r\nHost: x\r\n\r\n")
        plain.settimeout(5)
        try:
            told = plain.recv(1_024)
        except ConnectionResetError:
            told = b""
    assert b"HTTP/" not in told

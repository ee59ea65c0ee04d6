"""What is sealed is opened by this device, under this name, unchanged; or not at all."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.shell.device_key import (
    CREDENTIAL,
    CREDENTIALS,
    DEVICE_KEY,
    KEY_BYTES,
    NEXT_KEY,
    OLD_CREDENTIAL,
    DeviceKey,
)
from sekisho.shell.gate.state_folder import make_state, open_state
from sekisho.shell.resealing import rotate, seal_all
from sekisho.shell.sealing import (
    OVERHEAD_BYTES,
    Sealer,
    ensure_device_key,
    is_sealed,
    read_kept,
    read_sealed,
    sealed_names,
    sealer_of,
    write_sealed,
)
from sekisho.terms.errors import InputError
from tests.file_kills import killed_everywhere

SECRET = b"a secret that must not be seen"
OTHER = b"another secret"


@pytest.fixture
def folder(tmp_path):
    made = make_state(tmp_path / "state")
    ensure_device_key(made)
    return made


@pytest.fixture
def credentials(tmp_path, monkeypatch):
    """A folder of credentials as systemd gives it; the key files are put there by the test."""
    place = tmp_path / "credentials"
    place.mkdir(mode=0o700)
    monkeypatch.setenv(CREDENTIALS, str(place))

    def give(name, content):
        (place / name).unlink(missing_ok=True)
        (place / name).write_bytes(content)
        (place / name).chmod(0o440)  # as with an access list

    return give


def _sealer(tmp_path, byte):
    return Sealer((DeviceKey(secret=bytes([byte]) * KEY_BYTES, where=tmp_path),))


@given(content=st.binary(max_size=200), name=st.text(max_size=20))
def test_what_was_sealed_is_opened(tmp_path_factory, content, name):
    sealer = _sealer(tmp_path_factory.getbasetemp(), 1)
    blob = sealer.seal(name, content)
    assert sealer.open(name, blob) == content
    assert len(blob) == len(content) + OVERHEAD_BYTES


@given(content=st.binary(max_size=60), data=st.data())
def test_any_flipped_bit_is_refused(tmp_path_factory, content, data):
    sealer = _sealer(tmp_path_factory.getbasetemp(), 1)
    blob = bytearray(sealer.seal("users", content))
    bit = data.draw(st.integers(0, len(blob) * 8 - 1))
    blob[bit // 8] ^= 1 << bit % 8
    with pytest.raises(InputError):
        sealer.open("users", bytes(blob))


@given(content=st.binary(max_size=60), data=st.data())
def test_a_blob_that_was_cut_or_grew_is_refused(tmp_path_factory, content, data):
    sealer = _sealer(tmp_path_factory.getbasetemp(), 1)
    blob = sealer.seal("users", content)
    cut = data.draw(st.integers(0, len(blob) - 1))
    for changed in (blob[:cut], blob + b"\0"):
        with pytest.raises(InputError):
            sealer.open("users", changed)


def test_every_blob_has_a_nonce_of_its_own(tmp_path):
    sealer = _sealer(tmp_path, 1)
    assert len({sealer.seal("users", SECRET) for _ in range(200)}) == 200


def test_another_device_and_another_name_are_refused_each_with_its_reason(tmp_path):
    blob = _sealer(tmp_path, 1).seal("users", SECRET)
    with pytest.raises(InputError, match="another device's key"):
        _sealer(tmp_path, 2).open("users", blob)
    with pytest.raises(InputError, match="moved from another name"):
        _sealer(tmp_path, 1).open("tokens", blob)


def test_the_key_is_long_random_private_and_not_shown(folder, tmp_path):
    other = make_state(tmp_path / "other")
    key, others = ensure_device_key(folder).key, ensure_device_key(other).key
    assert len(key.secret) == KEY_BYTES == 32
    assert key.secret != others.secret
    assert folder.file(DEVICE_KEY).stat().st_mode & 0o777 == 0o600
    assert repr(key.secret) not in repr(key)
    assert ensure_device_key(folder).key == key


def test_a_sealed_file_shows_nothing_and_is_read_back(folder):
    write_sealed(folder, "users", SECRET)
    assert SECRET not in folder.read("users")
    assert read_sealed(folder, "users") == SECRET == read_kept(folder, "users")
    assert open_state(folder.path) == folder


def test_a_clear_file_is_kept_clear_until_it_is_sealed(folder):
    folder.write("users", SECRET)
    assert read_kept(folder, "users") == SECRET
    with pytest.raises(InputError, match="not sealed"):
        read_sealed(folder, "users")
    assert seal_all(folder, ("users", "absent")) == ("users",)
    assert seal_all(folder, ("users", "absent")) == ()
    assert is_sealed(folder.read("users"))
    assert read_kept(folder, "users") == SECRET


def test_a_lost_key_is_never_replaced_in_silence(folder):
    write_sealed(folder, "users", SECRET)
    folder.file(DEVICE_KEY).unlink()
    with pytest.raises(InputError, match="sealed files, and no device key"):
        ensure_device_key(folder)
    with pytest.raises(InputError, match="no device key"):
        read_sealed(folder, "users")
    assert not folder.has(DEVICE_KEY)


def test_a_damaged_or_open_key_is_refused(folder):
    folder.write(DEVICE_KEY, b"short")
    with pytest.raises(InputError, match="32 bytes"):
        sealer_of(folder)
    folder.write(DEVICE_KEY, bytes(KEY_BYTES))
    folder.file(DEVICE_KEY).chmod(0o640)
    with pytest.raises(InputError, match="Others can read"):
        sealer_of(folder)


def test_rotation_leaves_one_new_key_which_opens_everything(folder):
    write_sealed(folder, "users", SECRET)
    write_sealed(folder, "tokens", OTHER)
    before, blob = sealer_of(folder), folder.read("users")
    assert rotate(folder) == ("tokens", "users")
    assert (read_sealed(folder, "users"), read_sealed(folder, "tokens")) == (SECRET, OTHER)
    after = sealer_of(folder)
    assert after.keys != before.keys
    assert len(after.keys) == 1
    with pytest.raises(InputError, match="another device's key"):
        after.open("users", blob)
    assert before.key.secret not in b"".join(p.read_bytes() for p in folder.path.iterdir())


def test_rotation_survives_a_kill_at_every_write_point(folder, tmp_path):
    write_sealed(folder, "users", SECRET)
    write_sealed(folder, "tokens", OTHER)
    before = sealer_of(folder).key

    def look(place):
        found = open_state(place)
        assert (read_sealed(found, "users"), read_sealed(found, "tokens")) == (SECRET, OTHER)
        write_sealed(found, "later", SECRET)
        rotate(found)
        assert read_sealed(found, "later") == SECRET == read_sealed(found, "users")
        assert len(sealer_of(found).keys) == 1
        assert before not in sealer_of(found).keys
        assert not found.has(NEXT_KEY)

    kills = killed_everywhere(
        folder.path, tmp_path / "victim", lambda place: rotate(open_state(place)), look
    )
    assert kills > 10


def test_sealing_survives_a_kill_at_every_write_point(tmp_path):
    folder = make_state(tmp_path / "state")
    folder.write("users", SECRET)
    folder.write("tokens", OTHER)

    def look(place):
        found = open_state(place)
        assert (read_kept(found, "users"), read_kept(found, "tokens")) == (SECRET, OTHER)
        seal_all(found, ("users", "tokens"))
        assert sealed_names(found) == ("tokens", "users")
        assert (read_sealed(found, "users"), read_sealed(found, "tokens")) == (SECRET, OTHER)

    kills = killed_everywhere(
        folder.path,
        tmp_path / "victim",
        lambda place: seal_all(open_state(place), ("users", "tokens")),
        look,
    )
    assert kills > 10


def test_sealing_overwrites_the_clear_bytes(folder):
    folder.write("users", SECRET)
    handle = os.open(folder.file("users"), os.O_RDONLY)
    try:
        seal_all(folder, ("users",))
        assert os.pread(handle, 1_000, 0) != SECRET
    finally:
        os.close(handle)


def test_a_credential_wins_and_the_file_gives_way_to_it(folder, credentials):
    write_sealed(folder, "users", SECRET)
    credentials(CREDENTIAL, os.urandom(KEY_BYTES))
    assert read_sealed(folder, "users") == SECRET  # the file still opens
    write_sealed(folder, "tokens", OTHER)
    assert seal_all(folder, ()) == ("users",)
    assert not folder.has(DEVICE_KEY)
    assert (read_sealed(folder, "users"), read_sealed(folder, "tokens")) == (SECRET, OTHER)


def test_a_credential_is_changed_by_giving_both(folder, credentials):
    old = os.urandom(KEY_BYTES)
    credentials(CREDENTIAL, old)
    write_sealed(folder, "users", SECRET)
    with pytest.raises(InputError, match="credential"):
        rotate(folder)
    credentials(OLD_CREDENTIAL, old)
    new = os.urandom(KEY_BYTES)
    credentials(CREDENTIAL, new)
    assert read_sealed(folder, "users") == SECRET
    seal_all(folder, ())
    (folder.path.parent / "credentials" / OLD_CREDENTIAL).unlink()
    assert read_sealed(folder, "users") == SECRET


def test_a_credential_that_others_can_read_is_refused(folder, credentials):
    credentials(CREDENTIAL, os.urandom(KEY_BYTES))
    (folder.path.parent / "credentials" / CREDENTIAL).chmod(0o444)
    with pytest.raises(InputError, match="Others can read"):
        write_sealed(folder, "users", SECRET)


def test_without_its_credential_a_folder_says_how_to_give_it(folder, credentials, monkeypatch):
    credentials(CREDENTIAL, os.urandom(KEY_BYTES))
    seal_all(folder, ())
    write_sealed(folder, "users", SECRET)
    monkeypatch.delenv(CREDENTIALS)
    with pytest.raises(InputError) as raised:
        read_sealed(folder, "users")
    assert "credential" in raised.value.problems[0].remedy.en

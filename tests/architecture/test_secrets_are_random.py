"""No secret is derived from an identifier, and none is shared between two devices.

Where key material is made or stretched is a closed list; what names a machine is read nowhere.
"""

import ast
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "sekisho"
STRETCHING = {
    "HKDF",
    "HKDFExpand",
    "PBKDF2HMAC",
    "ConcatKDFHash",
    "ConcatKDFHMAC",
    "X963KDFHash",
    "KBKDFHMAC",
    "Scrypt",
    "Argon2id",
    "pbkdf2_hmac",
    "scrypt",
    "derive_private_key",
    "from_private_bytes",
    "uuid1",
    "uuid3",
    "uuid5",
    "getnode",
}
"""What makes a secret out of something else, and what makes a number out of a machine."""
MAY = {
    ("codec/jws.py", "from_private_bytes"),  # a signer of the seed that it is given
    ("shell/keys.py", "from_private_bytes"),  # of a seed that `secrets` made
    ("shell/passphrase.py", "Scrypt"),  # of a passphrase and a random salt
    ("shell/surface/bills.py", "uuid5"),  # names of bills of materials, which are no secret
    ("shell/surface/sbom.py", "uuid5"),
}
MACHINE = ("machine-id", "product_uuid", "product_serial", "board_serial", "/cpuinfo", "ifconfig")
GENERATORS = {"random"}
"""Numbers from it can be foreseen; who may import it says below for what."""
MAY_FORESEE = {
    "shell/modbus/faults.py",  # the laboratory's spoilt wires
    "shell/mqtt/line.py",  # the wait between two attempts
}


def sources():
    for path in sorted(SOURCE.rglob("*.py")):
        if "lab" not in path.relative_to(SOURCE).parts:
            yield str(path.relative_to(SOURCE)), path.read_text(encoding="utf-8")


def stretched(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and node.attr in STRETCHING:
            yield node.attr
        if isinstance(node, ast.Name) and node.id in STRETCHING:
            yield node.id


def imported(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_key_material_is_made_in_these_places_alone():
    found = {(name, used) for name, text in sources() for used in stretched(text)}
    assert found == MAY


def test_a_seed_comes_from_the_systems_generator():
    text = (SOURCE / "shell/keys.py").read_text(encoding="utf-8")
    (made,) = (
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.name == "made_key"
    )
    assert "seed = secrets.token_bytes(SEED_BYTES)" in ast.unparse(made)


def test_nothing_reads_what_names_a_machine():
    assert [name for name, text in sources() if any(word in text for word in MACHINE)] == []


def test_numbers_that_can_be_foreseen_are_used_for_no_secret():
    users = {name for name, text in sources() if GENERATORS & set(imported(text))}
    assert users == MAY_FORESEE


def test_the_search_finds_what_it_looks_for():
    assert list(stretched("key = HKDF(serial)\nx = ed25519.K.from_private_bytes(b)")) == [
        "HKDF",
        "from_private_bytes",
    ]
    assert list(imported("import random.x\nfrom random import y")) == ["random", "random"]

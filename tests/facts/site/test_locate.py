"""The scanner that tells on which line a key stands."""

from sekisho.site.locate import line_of, lines_of

TEXT = '''# remark [site]
[site]
name = """one
[device]
two"""   # ] = "
list = [
  ["device"], "a]",  # [[device]]
  'b"',
]
after = 1

[[device]]
id = "a"
[[ device ]]
"id" = "b"
sub.key = 1
[device.deep]
k = 1
[attestations]
s = { date = 2026-01-01, document = "]\\"" }
last = 1
'''


def test_keys_and_headers_are_found_on_their_lines():
    lines = lines_of(TEXT)
    assert lines == {
        ("site",): 2,
        ("site", "name"): 3,
        ("site", "list"): 6,
        ("site", "after"): 10,
        ("device", 0): 12,
        ("device", 0, "id"): 13,
        ("device", 1): 14,
        ("device", 1, "id"): 15,
        ("device", 1, "sub"): 16,
        ("device", 1, "sub", "key"): 16,
        ("device", 1, "deep"): 17,
        ("device", 1, "deep", "k"): 18,
        ("attestations",): 19,
        ("attestations", "s"): 20,
        ("attestations", "last"): 21,
    }


def test_a_missing_key_is_placed_at_what_holds_it():
    lines = lines_of(TEXT)
    assert line_of(lines, ("attestations", "s", "date")) == 20
    assert line_of(lines, ("device", 1, "role")) == 14
    assert line_of(lines, ("device",)) == 12
    assert line_of(lines, ("north",)) is None

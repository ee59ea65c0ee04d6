"""What the strict reader takes, and what it makes of it."""

from datetime import date

import pytest

from sekisho.site.document import DatesTable, DeviceTable, SiteDocument
from sekisho.site.model import (
    Area,
    ExternalKind,
    Medium,
    Milestone,
    Place,
    Programme,
    Role,
    Route,
    Voltage,
)
from sekisho.site.parsing import MAX_CHARACTERS
from sekisho.site.reader import read_site
from sekisho.site.words import WORD_TEXTS
from sekisho.terms.errors import InputError

HEAD = """
[site]
id = "kushiro-1"
name = "釧路蓄電所"
area = "hokkaido"
resource = "battery"
voltage = "extra-high"
rated_kw = 50_000
owner = "private"
work = "new"
works_class = "business"
"""
FULL = (
    HEAD
    + """
rated_kwh = 200_000.5
self_consumption = false

[dates]
contract_application = 2027-05-10
commissioning = 2028-10-01

[programmes]
joins = ["long-term-auction-2026", "aggregation"]

[attestations]
security_manager = { date = 2026-10-01, document = "docs/manager.pdf" }

[[external]]
id = "agg"
kind = "aggregator"
name = "試験アグリ"

[[device]]
id = "gw-1"
role = "gateway"
maker = "北斗ゲート"
speaks_ip = true
controls = true
introduced = 2027-12-01
contains = ["通信モジュール"]
place = "cloud"

[[device]]
id = "pcs"
role = "pcs"
count = 3
speaks_ip = false

[[link]]
between = ["gw-1", "agg"]
medium = "ip"
route = "internet"
protocol = "mqtt"

[[link]]
between = ["pcs", "gw-1"]
medium = "serial"
"""
)


def test_a_full_file_becomes_a_site():
    site = read_site(FULL, "site.toml")
    assert (site.id, site.name, site.area, site.voltage) == (
        "kushiro-1",
        "釧路蓄電所",
        Area.HOKKAIDO,
        Voltage.EXTRA_HIGH,
    )
    assert float(site.rated_kw) == 50_000.0
    assert float(site.rated_kwh or 0) == 200_000.5
    assert site.dates == {
        Milestone.CONTRACT_APPLICATION: date(2027, 5, 10),
        Milestone.COMMISSIONING: date(2028, 10, 1),
    }
    assert site.joins == {Programme.LONG_TERM_AUCTION_2026, Programme.AGGREGATION}
    assert site.attestations["security_manager"].document == "docs/manager.pdf"
    assert site.externals[0].kind is ExternalKind.AGGREGATOR
    gateway = site.devices[0]
    assert (gateway.role, gateway.place, gateway.contains) == (
        Role.GATEWAY,
        Place.CLOUD,
        ("通信モジュール",),
    )
    assert gateway.introduced == date(2027, 12, 1)


def test_count_expands_to_numbered_devices_and_a_link_to_the_name_means_each():
    site = read_site(FULL, "site.toml")
    assert [d.id for d in site.devices] == ["gw-1", "pcs.1", "pcs.2", "pcs.3"]
    assert [link.between for link in site.links if link.medium is Medium.SERIAL] == [
        ("pcs.1", "gw-1"),
        ("pcs.2", "gw-1"),
        ("pcs.3", "gw-1"),
    ]


def test_a_link_may_mean_one_device_of_a_count():
    site = read_site(FULL.replace('["pcs", "gw-1"]', '["pcs.2", "gw-1"]'), "site.toml")
    assert site.links[-1].between == ("pcs.2", "gw-1")


def test_what_is_not_said_of_a_device_is_unknown():
    site = read_site(HEAD + '[[device]]\nid = "a"\nrole = "bms"\n', "site.toml")
    device = site.devices[0]
    assert device.speaks_ip is None
    assert device.controls is None
    assert device.identity.model is None
    assert site.self_consumption is None
    assert site.rated_kwh is None


def test_a_link_without_a_route_is_local():
    site = read_site(FULL, "site.toml")
    assert site.links[-1].route is Route.LOCAL


def test_a_site_without_devices_is_read():
    assert read_site(HEAD, "site.toml").devices == ()


def test_the_gates_tables_are_accepted_and_carried_nowhere():
    gate = (
        '[north]\nbroker = "203.0.113.77:8883"\n[[south]]\naddress = "203.0.113.77"\n'
        '[fallback]\nrest = 0\n[trip]\nrelay = "x"\n[authority]\nfingerprint = "203.0.113.77"\n'
    )
    site = read_site(HEAD + gate, "site.toml")
    assert site == read_site(HEAD, "site.toml")
    assert "203.0.113.77" not in repr(site)


def test_windows_line_ends_are_read_alike():
    assert read_site(FULL.replace("\n", "\r\n"), "site.toml") == read_site(FULL, "site.toml")


def test_a_file_over_one_mebibyte_is_refused():
    padding = "# " + "x" * 98 + "\n"
    fits = HEAD + padding * ((MAX_CHARACTERS - len(HEAD)) // len(padding))
    assert read_site(fits, "site.toml").id == "kushiro-1"
    with pytest.raises(InputError) as raised:
        read_site(fits + padding, "site.toml")
    assert "1 MiB" in raised.value.problems[0].what.en


def test_a_thousand_devices_are_the_bound():
    device = '[[device]]\nid = "c"\nrole = "cell-pack"\ncount = 1000\n'
    assert len(read_site(HEAD + device, "site.toml").devices) == 1000
    with pytest.raises(InputError):
        read_site(HEAD + device + '[[device]]\nid = "d"\nrole = "bms"\n', "site.toml")


def test_the_dates_table_has_exactly_the_milestones():
    assert set(DatesTable.model_fields) == {m.value for m in Milestone}


def test_every_closed_word_is_explained_in_both_languages():
    for words, texts in WORD_TEXTS.items():
        assert set(texts) == set(words)
        assert all(t.ja and t.en for t in texts.values())


def test_the_schema_describes_every_device_key():
    schema = SiteDocument.model_json_schema()
    keys = schema["$defs"]["DeviceTable"]["properties"]
    assert set(keys) == set(DeviceTable.model_fields)
    assert all("description" in k or "examples" in k for k in keys.values())
    assert schema["$defs"]["DeviceTable"]["additionalProperties"] is False

"""What a site file leaves unsaid."""

from sekisho.site.reader import read_site
from sekisho.site.starter import starter
from sekisho.site.unknowns import unknowns
from sekisho.terms.texts import Lang

HEAD = (
    '[site]\nid = "a"\nname = "a"\narea = "tokyo"\nresource = "battery"\nvoltage = "high"\n'
    'rated_kw = 1\nowner = "private"\nwork = "new"\nworks_class = "business"\n'
)


def _keys(text):
    return {(u.device, u.key) for u in unknowns(read_site(text, "x"))}


def test_a_site_without_devices_says_so():
    assert ("", "device") in _keys(HEAD)


def test_own_use_matters_at_high_voltage_alone():
    assert ("", "self_consumption") in _keys(HEAD)
    assert ("", "self_consumption") not in _keys(HEAD.replace('"high"', '"low"'))


def test_the_day_by_which_a_joined_programme_judges_is_wanted():
    joins = '[programmes]\njoins = ["long-term-auction-2026"]\n'
    assert ("", "auction_registration") in _keys(HEAD + joins)
    assert ("", "auction_registration") not in _keys(HEAD)
    dates = "[dates]\nauction_registration = 2026-12-01\n"
    assert ("", "auction_registration") not in _keys(HEAD + joins + dates)


def test_an_ip_link_tells_that_a_device_speaks_ip():
    device = '[[device]]\nid = "p"\nrole = "pcs"\n'
    link = '[[external]]\nid = "n"\nkind = "internet"\n[[link]]\nbetween = ["p", "n"]\nmedium = '
    assert ("p", "speaks_ip") in _keys(HEAD + device)
    assert ("p", "speaks_ip") in _keys(HEAD + device + link + '"serial"\n')
    assert ("p", "speaks_ip") not in _keys(HEAD + device + link + '"ip"\n')
    assert ("p", "link") in _keys(HEAD + device)


def test_an_attestation_that_no_rule_asks_for_is_named():
    text = HEAD + '[attestations]\nsecurity_manger = { date = 2026-10-01, document = "m.pdf" }\n'
    site = read_site(text, "x")
    assert not any(u.key.startswith("attestations") for u in unknowns(site))
    (found,) = (u for u in unknowns(site, {"security_manager"}) if "attestations" in u.key)
    assert "security_manager" in found.what.en


def test_the_starter_names_what_is_left_to_fill_in():
    keys = _keys(starter(Lang.EN))
    assert ("pcs-1", "maker, model, label") in keys
    assert ("", "contract_application") in keys

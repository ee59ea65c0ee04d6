"""What a publisher declares, and the documents made of it; every publisher here is made up."""

import re
import string

import pytest

from sekisho.gate.product import NOT_STATED, Product, declared, read_product
from sekisho.gate.product_pages import PAGES, pages_of, template_name
from sekisho.gate.surface import ROUTES
from sekisho.scheme.self_assessed import SELF_ASSESSED
from sekisho.shell.surface.product_files import shipped_pages
from sekisho.terms.errors import InputError
from sekisho.terms.texts import Lang

BOTH = pytest.mark.parametrize("lang", list(Lang))
WHOLE = """# Made up.
[product]
publisher = "Made-up Works"
model = "MADE-UP-GATE-1"
contact = "mailto:security@made-up.example"
acknowledged_days = 5
support_until = "2031-03-31"
"""


def outline(text):
    return re.findall(r"^(#+) ", text, re.MULTILINE), text.count("\n| "), text.count("](")


def test_what_is_declared_is_read_and_the_rest_is_not_stated():
    found = read_product(WHOLE, "product.toml")
    assert (found.model, found.acknowledged_days) == ("MADE-UP-GATE-1", 5)
    assert declared(found)["told_days"] is NOT_STATED
    assert read_product("[product]\n", "product.toml") == Product()


@pytest.mark.parametrize(
    "line",
    [
        'contact = "security@made-up.example"',
        'contact = "http://made-up.example"',
        'policy = "mailto:a@made-up.example"',
        'support_until = "next year"',
        'support_until = "2031-13-01"',
        "acknowledged_days = 0",
        "acknowledged_days = 1.5",
        'certified = "yes"',
        'model = "a\\nb"',
    ],
)
def test_a_wrong_declaration_is_refused_with_its_line(line):
    with pytest.raises(InputError) as refused:
        read_product(f"[product]\n{line}\n", "product.toml")
    assert refused.value.problems[0].where.startswith("product.toml:2")


@BOTH
def test_every_page_says_how_it_stands_and_nothing_is_left_to_fill_in(lang):
    for page, text in pages_of(shipped_pages(), Product(), lang).items():
        assert SELF_ASSESSED.says(lang) in text, page
        assert not re.search(r"[{}]", text), page


@BOTH
def test_without_a_publisher_contact_and_period_are_not_stated(lang):
    pages = pages_of(shipped_pages(), Product(), lang)
    assert f"**{NOT_STATED.says(lang)}**" in pages["disclosure-policy"]
    assert f"**{NOT_STATED.says(lang)}**" in pages["support-period"]


@BOTH
def test_what_is_declared_stands_on_its_page(lang):
    pages = pages_of(shipped_pages(), read_product(WHOLE, ""), lang)
    assert "mailto:security@made-up.example" in pages["disclosure-policy"]
    assert "2031-03-31" in pages["support-period"]
    assert "2031-03-31" in pages["security-guide"]


@BOTH
def test_every_route_of_the_program_stands_with_its_authentication(lang):
    page = pages_of(shipped_pages(), Product(), lang)["assets-and-routes"]
    assert all(about.authentication.says(lang) in page for about in ROUTES.values())


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_of_a_page_have_the_same_parts(page):
    templates = shipped_pages()
    english, japanese = (templates[template_name(page, lang)] for lang in (Lang.EN, Lang.JA))
    assert outline(english) == outline(japanese)
    named = [
        sorted(f for _, f, _, _ in string.Formatter().parse(t) if f) for t in (english, japanese)
    ]
    assert named[0] == named[1]


def test_the_templates_are_those_of_the_list():
    assert set(shipped_pages()) == {template_name(p, lang) for p in PAGES for lang in Lang}

"""The page and the style of an HTML report; values come in escaped by the environment."""

from __future__ import annotations

from typing import Final

STYLE: Final = """
:root { --ink: #1c232d; --soft: #565f6b; --line: #d9dee4; --faint: #f6f7f9; --accent: #23425f; }
* { box-sizing: border-box; }
html { font-size: 16px; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: #fff; color: var(--ink); line-height: 1.75;
  font-family: "SekishoReport", "Hiragino Sans", "Yu Gothic", "Noto Sans CJK JP", sans-serif;
  line-break: strict; overflow-wrap: anywhere; }
:lang(en) { line-height: 1.6; }
main, header, footer { max-width: 62rem; margin: 0 auto; padding: 0 2rem; }
header { padding-top: 3rem; }
header .brand { margin: 0 0 .75rem; font-size: .75rem; letter-spacing: .18em;
  color: var(--accent); }
h1 { margin: 0; font-size: 1.85rem; line-height: 1.35; font-weight: 700; }
header .subtitle { margin: .5rem 0 0; max-width: none; color: var(--soft); font-size: .95rem; }
header::after { content: ""; display: block; margin-top: 1.5rem;
  border-bottom: 2px solid var(--accent); }
main > :first-child { margin-top: 1.75rem; }
h2 { margin: 2.75rem 0 .9rem; padding-bottom: .4rem; border-bottom: 1px solid var(--line);
  font-size: 1.25rem; line-height: 1.4; color: var(--accent); }
h3 { margin: 2rem 0 .6rem; font-size: 1.05rem; line-height: 1.45; }
h4 { margin: 1.5rem 0 .4rem; font-size: .95rem; color: var(--soft); }
p { margin: .75rem 0; max-width: 50rem; }
.w { white-space: nowrap; }
p.small { font-size: .85rem; color: var(--soft); }
ul { margin: .75rem 0; padding-left: 1.35rem; max-width: 50rem; }
li { white-space: pre-line; margin: .35rem 0; padding-left: .15rem; }
li::marker { color: var(--accent); }
.banner { margin: 1.75rem 0; padding: 1.1rem 1.4rem 1.15rem; border-left: 6px solid;
  border-radius: 0 4px 4px 0; }
.banner p { margin: 0; max-width: none; }
.banner .say { font-size: 1.45rem; font-weight: 700; line-height: 1.4; }
.banner .detail { margin-top: .45rem; color: var(--ink); }
.scroll { margin: 1.1rem 0 1.5rem; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; font-size: .875rem;
  line-height: 1.6; }
caption { padding: 0 0 .5rem; text-align: left; font-weight: 700; }
th, td { padding: .6rem .75rem; text-align: left; vertical-align: top; white-space: pre-line; }
th:first-child, td:first-child { padding-left: .5rem; }
thead th { border-bottom: 2px solid var(--ink); font-size: .8rem; color: var(--soft);
  vertical-align: bottom; }
tbody td { border-bottom: 1px solid var(--line); }
.v { padding: .1rem .5rem; border-radius: 3px; font-weight: 700; display: inline-block;
  white-space: nowrap; }
.v.long { white-space: pre-line; font-weight: 400; }
.met { color: #1b6e4b; background: #e4f2ea; border-color: #1b6e4b; }
.broken { color: #a8281e; background: #fae6e3; border-color: #a8281e; }
.not-applicable { color: #5b6470; background: #eff1f3; border-color: #5b6470; }
.undetermined { color: #7d5300; background: #faf0d7; border-color: #7d5300; }
figure { margin: 1.5rem 0; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { margin-top: .5rem; font-size: .85rem; color: var(--soft); }
footer { margin-top: 3.5rem; padding-bottom: 3rem; font-size: .8rem; color: var(--soft); }
footer p { margin: 0; padding-top: 1rem; border-top: 1px solid var(--line); max-width: none; }
@media screen and (max-width: 46rem) {
  main, header, footer { padding-left: 1.1rem; padding-right: 1.1rem; }
  header { padding-top: 1.75rem; }
  h1 { font-size: 1.45rem; }
  table, caption, tbody, tr, td { display: block; }
  colgroup, thead { display: none; }
  tbody tr { padding: .6rem 0; border-bottom: 1px solid var(--line); }
  tbody td, td:first-child { border: 0; padding: .2rem 0; }
  td::before { content: attr(data-label); display: block; font-size: .75rem; color: var(--soft); }
  figure { overflow-x: auto; }
  figure svg { min-width: 42rem; }
}
@page { size: A4; margin: 17mm 15mm 18mm;
  @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt; color: #565f6b; } }
@page sheet { size: A4 landscape; margin: 0; }
@media print {
  html { font-size: 12px; }
  p, ul { max-width: none; orphans: 3; widows: 3; }
  header::after { margin-top: 1rem; }
  h2 { margin-top: 2rem; }
  body, .v, .banner { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  main, header, footer { max-width: none; padding-left: 0; padding-right: 0; }
  header { padding-top: 0; }
  h2, h3, h4, caption, p:has(+ .scroll), p:has(+ p + .scroll), p:has(+ p + p + .scroll) {
    break-after: avoid; }
  tr, .banner, figure, li { break-inside: avoid; }
  thead { display: table-header-group; }
  figure svg { max-height: 225mm; }
  figure.sheet { page: sheet; break-before: page; break-after: page; margin: 0; }
  figure.sheet svg { width: 297mm; height: 209.5mm; max-height: none; }
  figure.sheet figcaption { display: none; }
  .page { break-after: page; }
  .page + h2 { margin-top: 0; }
}
"""

PAGE: Final = """<!DOCTYPE html>
<html lang="{{ document.lang }}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{ policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{{ document.title }}</title>
<style>{{ face }}{{ style }}</style>
</head>
<body>
<header>
<p class="brand">SEKISHO 関所</p>
<h1>{{ document.title|kept }}</h1>
{% if document.subtitle %}<p class="subtitle">{{ document.subtitle|kept }}</p>{% endif %}
</header>
<main>
{% for kind, block in blocks %}
{% if kind == "Heading" %}
{% set tag = "h" ~ [[block.level + 1, 2]|max, 4]|min %}
<{{ tag }}>{{ block.text|kept }}</{{ tag }}>
{% elif kind == "Paragraph" %}
<p{% if block.small %} class="small"{% endif %}>{{ block.text|kept }}</p>
{% elif kind == "Banner" %}
<div class="banner {{ block.verdict.value }}">
<p class="say">{{ block.text|kept }}</p>
{% if block.detail %}<p class="detail">{{ block.detail|kept }}</p>{% endif %}
</div>
{% elif kind == "Bullets" %}
<ul>
{% for item in block.items_ %}<li>{{ item|kept }}</li>
{% endfor %}</ul>
{% elif kind == "Table" %}
<div class="scroll"><table>
{% if block.caption %}<caption>{{ block.caption|kept }}</caption>{% endif %}
<colgroup>{% for width in block.widths %}<col style="width: {{ width }}">{% endfor %}</colgroup>
<thead><tr>
{% for name in block.header %}<th scope="col">{{ name|kept }}</th>{% endfor %}
</tr></thead>
<tbody>
{% for row in block.rows %}<tr>{% for name, cell in row %}<td data-label="{{ name }}">
{%- if cell.verdict %}<span class="v {{ cell.verdict.value }}
{%- if not cell.is_tinted %} long{% endif %}">{{ cell.text|kept }}</span>
{%- else %}{{ cell.text|kept }}{% endif %}</td>{% endfor %}</tr>
{% endfor %}</tbody>
</table></div>
{% elif kind == "Picture" %}
<figure{% if block.sheet %} class="sheet"{% endif %}>{{ block.svg }}<figcaption>{{ block.alt|kept }}</figcaption></figure>
{% elif kind == "PageBreak" %}
<div class="page"></div>
{% endif %}
{% endfor %}
</main>
{% if document.footer %}<footer><p>{{ document.footer|kept }}</p></footer>{% endif %}
</body>
</html>
"""

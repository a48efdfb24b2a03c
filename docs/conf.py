"""How Sphinx makes the site of docs/ and of the pages that `httplint rules docs` writes: see tools/docs.

Nothing comes from elsewhere: no font, no script, no picture. The search is an index of words that the pages load, so it
works without a server, too.
"""
from __future__ import annotations

import functools

from sphinx.search.en import SearchEnglish

import httplint

SearchEnglish.stem = functools.cache(SearchEnglish.stem)               # all pages have the same words

project = "httplint"
author = "The httplint authors"
project_copyright = author
version = release = httplint.__version__
extensions = ["myst_parser"]
exclude_patterns = ["_build"]
myst_heading_anchors = 3
highlight_language = "none"                # an indented block is a message, a command or a file
smartquotes = False                        # options have two hyphens

templates_path = ["_templates"]
html_theme = "pydata_sphinx_theme"
html_title = "httplint"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_favicon = "_static/favicon.svg"
html_extra_path = ["../extra"]
html_copy_source = False
html_show_sourcelink = False
html_show_search_summary = False           # it would fetch every page that is found, which no file system allows
html_sidebars = {f"{room}*": [] for room in (
    "index", "rules/", "status/", "fields/", "sections/", "profiles/", "coverage/", "configuration", "versioning",
    "architecture")}
html_theme_options = {
    "logo": {"text": "httplint", "image_light": "_static/favicon.svg", "image_dark": "_static/favicon.svg"},
    "search_as_you_type": True,
    "search_bar_text": "A rule, a field, a status code …",
    "header_links_before_dropdown": 6,
    "navbar_align": "left",
    "navbar_center": ["navbar"],
    "navbar_end": ["theme-switcher"],
    "primary_sidebar_end": [],
    "secondary_sidebar_items": {"**": ["page-toc"], "index": []},
    "show_prev_next": False,
    "footer_start": ["copyright"],
    "footer_end": [],
}

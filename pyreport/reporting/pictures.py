"""The pictures of a page as files of their own: SVG that any program shows as the page does."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["pictures"]

_FIGURE = re.compile(
    r'<figure class="(?P<kind>\w+)">.*?<svg viewBox="(?P<left>-?\d+) (?P<top>-?\d+) (?P<width>\d+) (?P<height>\d+)"'
    r"(?P<attributes>[^>]*)>(?P<content>.*?)</svg>",
    re.DOTALL,
)
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_PAGE_LINK = re.compile(r'href="(?!https?:)')


def pictures(html: str) -> Iterator[tuple[str, str]]:
    """The first picture of each figure of a page: the figure's kind, and the text of an SVG file.

    Args:
        html: A page of this package. Its style goes into each file. A file stands in a folder beside the page, so links
            lead out of that folder.
    """
    style = "".join(_STYLE.findall(html))
    for figure in _FIGURE.finditer(html):
        part = figure.groupdict()
        content = _PAGE_LINK.sub('href="../', part["content"])
        box = f"{part['left']} {part['top']} {part['width']} {part['height']}"
        yield (
            part["kind"],
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="{part["width"]}" height="{part["height"]}"'
            f"{part['attributes']}>\n<style>\n{style.replace('&', '&amp;').replace('<', '&lt;')}</style>\n"
            f'<g class="{part["kind"]}">{content}</g>\n</svg>\n',
        )

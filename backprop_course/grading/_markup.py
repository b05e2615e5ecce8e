r"""Markup of a student's, as a page may hold it that an instructor opens: it shows, and cannot act.

Two languages come from students. HTML, which their cells display, is cleaned by bleach. Markdown, which they
write or display, keeps its text: a tag that may act becomes text by a space behind its ``<``, which changes
neither code nor formulas, and where a link leads elsewhere than to a page or a letter, the cell has none.
A picture that the cell does not hold becomes a link, and a formula's command that links or styles ``\text``.
"""

import html
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

import bleach

_SHOWN = """a b br caption code dd details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img kbd li ol
    p pre s small span strong sub summary sup table tbody td tfoot th thead tr u ul"""
_DESCRIBED = "class title align colspan rowspan scope role width height alt"
TAGS, ATTRIBUTES = frozenset(_SHOWN.split()), frozenset(_DESCRIBED.split())
LINKS = ("http", "https", "mailto")
# A picture in a page cannot act, an SVG's scripts included; one from elsewhere would tell who reads the page.
PICTURE = re.compile(r"attachment:|data:image/(png|jpeg|gif|svg\+xml);base64,")

_VALUE = r"""(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>=`]+)"""
_TAG = re.compile(
    rf"<(?P<name>/?[a-zA-Z][a-zA-Z0-9]*)(?P<rest>(?:\s+[a-zA-Z-]+(?:={_VALUE})?)*)\s*/?>"
    r"|<(?P<link>(?:https?://|mailto:)[^\s<>]*)>"
    r"|<(?=[a-zA-Z/!?])"
)
_CODE = re.compile(r"<(style|script)\b", re.ASCII | re.IGNORECASE)
_CODE_ENDS = {name: re.compile(f"</{name}", re.ASCII | re.IGNORECASE) for name in ("style", "script")}
_ATTRIBUTE = re.compile(rf"([a-zA-Z-]+)(?:=({_VALUE}))?")
_LEADS_TO = re.compile(r"\](?:\(|:)<?([a-z][a-z0-9+.-]*):|(?:java|vb)script:")
_PICTURE_IN_TEXT = re.compile(
    r"!\[(?P<held>[^\[\]]*\]\((?:attachment:(?P<pasted>[A-Za-z0-9_.-]+)(?=[\s)])"
    r"|data:image/(?:png|jpeg|gif|svg\+xml);base64,))?"
)
_LINKS_OR_STYLES = re.compile(r"\\(?:href|style|class|cssId|bbox|mmlToken|require)(?![a-zA-Z])")
_UNSEEN = re.compile(r"[\s\x00-\x20\x7f\\]+")  # what browsers and Markdown overlook in an address


@dataclass
class Budget:
    """How much HTML of a notebook's is cleaned: that takes time, which no limit of the sandbox's ends."""

    characters: int = 2 << 20
    tags: int = 20_000

    def affords(self, page: str) -> bool:
        """Whether a page can be cleaned; what it takes is taken."""
        tags = page.count("<")
        crowded = tags > 2_000 or any(len(tag.split()) > 100 for tag in page.split("<"))
        if crowded or len(page) > self.characters or tags > self.tags:
            return False
        self.characters, self.tags = self.characters - len(page), self.tags - tags
        return True


def clean_html(page: str) -> str:
    """Leave what shows."""
    return _cleaned(page) if len(page) < 20_000 else _cleaned.__wrapped__(page)


def without_code(page: str) -> str:
    """Take styles and scripts out whole: of a tag that is stripped, what is in it would stay as text."""
    kept, at = [], 0
    while opens := _CODE.search(page, at):
        kept.append(page[at : opens.start()])
        closes = _CODE_ENDS[opens[1].lower()].search(page, opens.end())
        at = page.find(">", closes.end()) + 1 if closes else 0
        if not at:  # it never ends, for a browser neither
            return "".join(kept)
    return "".join([*kept, page[at:]])


@lru_cache(maxsize=256)  # most pages are the course's own, and the same for a whole class
def _cleaned(page: str) -> str:
    return str(bleach.clean(page, tags=TAGS, attributes=_may_stand, protocols=(*LINKS, "data"), strip=True))


def clean_markdown(text: str, pasted: Collection[str] = ()) -> str:
    """Leave the text, tags that show, links to pages and letters, and pictures that the cell holds itself."""
    text = _TAG.sub(lambda found: found[0] if _shows(found) else f"< {found[0][1:]}", text)
    text = _PICTURE_IN_TEXT.sub(
        lambda found: found[0] if _is_held(found, pasted) else f"! {found[0][1:]}", text
    )
    text = clean_formulas(text)
    return text.replace("](", "] (").replace("]:", "] :") if _leads_astray(text) else text


def clean_formulas(text: str) -> str:
    """Take from LaTeX the commands with which MathJax links, styles and loads."""
    return _LINKS_OR_STYLES.sub(r"\\text", text)


def _is_held(picture: re.Match[str], pasted: Collection[str]) -> bool:
    """Whether a picture is in the cell; nbconvert makes no page where an attachment is missing."""
    return picture["held"] is not None and (picture["pasted"] is None or picture["pasted"] in pasted)


def _may_stand(tag: str, name: str, value: str) -> bool:
    if (tag, name) == ("img", "src"):
        return PICTURE.match(_read(value)) is not None
    if (tag, name) == ("a", "href"):
        return _read(value).startswith(tuple(f"{scheme}:" for scheme in LINKS))
    return name in ATTRIBUTES


def _read(text: str) -> str:
    """Give an address as a browser reads it."""
    return _UNSEEN.sub("", html.unescape(html.unescape(text))).lower()


def _shows(tag: re.Match[str]) -> bool:
    if tag["link"]:
        return True
    name = (tag["name"] or "").lower().removeprefix("/")
    found = _ATTRIBUTE.findall(tag["rest"] or "")
    return name in TAGS and all(_may_stand(name, a.lower(), value.strip("\"'")) for a, value in found)


def _leads_astray(text: str) -> bool:
    read = _read(text)
    return any(
        scheme[1] is None or (scheme[1] not in LINKS and not PICTURE.match(read, scheme.start(1)))
        for scheme in _LEADS_TO.finditer(read)
    )

"""A picture of each model for those who are sent a link to it: 1200 by 630 pixels, as PNG, since few readers take SVG.

Pillow draws it, with the font that comes with Pillow, so that every machine draws the same. It is an optional extra:
without it pages name no picture.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from accredit.assess import ModelAssessment
from accredit.site.badges import TONES, state_of_model
from accredit.site.pages.catalogue import Catalogue

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

WIDTH, HEIGHT = 1200, 630
_LEFT, _ROOM = 80, WIDTH - 160
_PAPER, _INK = (24, 32, 56), (255, 255, 255)
_TEXT, _QUIET, _BAND = 199, 140, 255
"""Entries of the palette: up to the first, shades between paper and ink; the last is the colour of the state."""


def can_draw() -> bool:
    """Whether Pillow is installed."""
    return find_spec("PIL") is not None


def preview_of(catalogue: Catalogue, model: ModelAssessment) -> bytes:
    """The picture of a model as PNG: its name, what is in production, and whose registry it stands in."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - optional

    words, tone = state_of_model(catalogue, model)
    identity = catalogue.registry.identity
    image = Image.new("L", (WIDTH, HEIGHT), 0)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, HEIGHT - 24, WIDTH, HEIGHT), fill=_BAND)
    _line(draw, drawable(identity.name if identity else "", "Model registry"), 80, 34, _QUIET)
    below = _name(draw, model.model.record.name, model.model.id)
    _line(draw, drawable(words, str(words.encode("ascii", "ignore"), "ascii")), below + 28, 44, _TEXT)
    _line(draw, f"Risk tier {model.standing.tier}  {catalogue.as_of}", HEIGHT - 110, 30, _QUIET)
    image.putpalette(_palette(TONES[tone]))
    found = io.BytesIO()
    image.save(found, "PNG")
    return found.getvalue()


def _palette(tone: str) -> list[int]:
    shades = [round(a + (b - a) * i / _TEXT) for i in range(_TEXT + 1) for a, b in zip(_PAPER, _INK, strict=True)]
    band = [int(tone[i : i + 2], 16) for i in (1, 3, 5)]
    return shades + band * (256 - _TEXT - 1)


def _line(draw: ImageDraw, text: str, top: int, size: int, shade: int) -> None:
    """One line, cut to the room that there is."""
    from PIL import ImageFont  # noqa: PLC0415 - optional

    font = ImageFont.load_default(size)
    draw.text((_LEFT, top), _cut(text, font.getlength), font=font, fill=shade)


def _name(draw: ImageDraw, name: str, otherwise: str) -> int:
    """The name on one line or two, as large as fits; returns where it ends."""
    from PIL import ImageFont  # noqa: PLC0415 - optional

    text = drawable(name, otherwise)
    for size in (96, 80, 64):
        font = ImageFont.load_default(size)
        lines = _wrapped(text, font.getlength)
        if len(lines) <= 2:
            break
    for number, line in enumerate(lines[:2]):
        last = number == 1 and len(lines) > 2
        draw.text((_LEFT, 180 + number * size * 1.15), _cut(f"{line}..." if last else line, font.getlength), font=font,
                  fill=_TEXT)  # fmt: skip
    return int(180 + min(len(lines), 2) * size * 1.15)


def _wrapped(text: str, length: Callable[[str], float]) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and length(longer) > _ROOM:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _cut(text: str, length: Callable[[str], float]) -> str:
    while length(text) > _ROOM and len(text) > 4:
        text = f"{text[:-4]}..."
    return text


def drawable(text: str, otherwise: str) -> str:
    """The text in the letters that the font has, accents left out; or what is drawn in place of other scripts."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return plain if plain.isascii() and plain.isprintable() else otherwise

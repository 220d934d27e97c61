"""A document before it is a page, a Word file or a PDF: plain texts in one language."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first column names things, the others hold figures."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Part:
    """A section with its heading."""

    heading: str
    paragraphs: Sequence[str] = ()
    tables: Sequence[Table] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """Title, opening words, sections, and what stands at the foot: who hands it in, and when."""

    title: str
    opening: Sequence[str]
    parts: Sequence[Part]
    foot: Sequence[str] = ()
    chinese: bool = True
    notes: Sequence[str] = field(default_factory=tuple)
    """Small print: what the figures are counted from."""

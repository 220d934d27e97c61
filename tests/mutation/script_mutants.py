"""Small faults for JavaScript: one change of one place of the text, outside of comments and of words."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

SWAPS = (
    (r"===", ("!==",)),
    (r"!==", ("===",)),
    (r"<=", ("<", ">")),
    (r">=", (">", "<")),
    (r"(?<![=<>-])<(?![=<])", ("<=", ">=")),
    (r"(?<![=>-])>(?![=>])", (">=", "<=")),
    (r"&&", ("||",)),
    (r"\|\|", ("&&",)),
    (r"\?\?(?!=)", ("&&",)),
    (r"(?<=[\w\)\]] )\+(?= )", ("-",)),
    (r"(?<=[\w\)\]] )-(?= )", ("+",)),
    (r"(?<=[\w\)\]] )\*(?= )", ("/",)),
    (r"(?<=[\w\)\]] )/(?= )", ("*",)),
    (r"(?<![!=\w])!(?=[\w(])", ("",)),
    (r"\btrue\b", ("false",)),
    (r"\bfalse\b", ("true",)),
    (r"\bMath\.max\b", ("Math.min",)),
    (r"\bMath\.min\b", ("Math.max",)),
    (r"\.find\(", (".findLast(",)),
    (r"\.some\(", (".every(",)),
    (r"\bawait (?=[\w(])", ("void ",)),
    (r"(?<![\w.\"])\d[\d_]*(?:\.\d+)?(?![\w\"])", ("{}",)),
    (r"\bcontinue;", ("",)),
    (r"\breturn (?=[^;]*;)", ("return void ",)),
    (r"(?<=\n)[ ]+(?:await )?[\w.]+\([^;\n]*\);(?=\n)", ("",)),
    (r"(?<=\n)[ ]+if \([^\n]*\) (?:return|throw|continue)[^;\n]*;(?=\n)", ("",)),
)
HIDDEN = re.compile(r"/\*.*?\*/|//[^\n]*|import [^;]*;|export (?=function|class|const|async)", re.DOTALL)
WORDS = re.compile(r'"(?:[^"\\\n]|\\.)*"')
BY_WORD = re.compile(r'"[\w-]+"')


@dataclass(frozen=True, slots=True)
class ScriptMutant:
    """One fault: where in the text, how long what is replaced, and by what."""

    file: str
    line: int
    start: int
    length: int
    by: str

    @property
    def id(self) -> str:
        """The same fault in the same text has the same id."""
        text = Path(self.file).read_bytes()
        return hashlib.sha256(text + f"{self.file}:{self.start}:{self.by}".encode()).hexdigest()[:16]

    @property
    def what(self) -> str:
        """The line before and after."""
        old, new = Path(self.file).read_text(encoding="utf-8"), faulty_text(self)
        return f"{_line(old, self.start)}  →  {_line(new, self.start)}"


def script_mutants(file: str) -> list[ScriptMutant]:
    """All mutants of a file."""
    text = Path(file).read_text(encoding="utf-8")
    bare = _blank(WORDS, _blank(HIDDEN, text))
    found = [
        ScriptMutant(file, text.count("\n", 0, at.start()) + 1, at.start(), len(at.group()), _by(by, at.group()))
        for pattern, others in SWAPS
        for at in re.finditer(pattern, bare)
        for by in others
    ]
    found += [
        ScriptMutant(file, text.count("\n", 0, at.start()) + 1, at.start(), len(at.group()), at.group()[:-1] + 'XX"')
        for at in BY_WORD.finditer(_blank(HIDDEN, text))
    ]
    return sorted(set(found), key=lambda mutant: (mutant.start, mutant.by))


def faulty_text(mutant: ScriptMutant) -> str:
    """The file with this fault."""
    text = Path(mutant.file).read_text(encoding="utf-8")
    return text[: mutant.start] + mutant.by + text[mutant.start + mutant.length :]


def _by(by: str, old: str) -> str:
    return str(float(old.replace("_", "")) + 1) if by == "{}" else by


def _blank(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def _line(text: str, at: int) -> str:
    start = text.rfind("\n", 0, at) + 1
    return " ".join(text[start : text.find("\n", at)].split())[:90]

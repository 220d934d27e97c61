"""Small faults for Python: one change of one node each, on the syntax tree; the files are never touched."""

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.changes import Change, changes, says

Parents = dict[ast.AST, ast.AST]
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
WORDS = {"N_", "ngettext", "gettext", "_"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: which node of which file, which of the changes possible there.

    `lines` are those a test has to run to meet it; `runs_once` when that is while the module is imported.
    """

    file: str
    line: int
    node: int
    variant: int
    what: str
    lines: tuple[int, int]
    runs_once: bool

    @property
    def id(self) -> str:
        """The same fault in the same text of its file has the same id."""
        text = Path(self.file).read_bytes()
        told = f"{self.file}:{self.node}:{self.variant}:{self.what}".encode()
        return hashlib.sha256(text + told).hexdigest()[:16]


def mutants(file: str) -> list[Mutant]:
    """All mutants of a file, from its top to its bottom."""
    tree = _parsed(file)
    parents = _parents(tree)
    found = [
        Mutant(file, _line(node), number, variant, change.what, _lines(node, parents), once)
        for number, node in enumerate(ast.walk(tree))
        for once in (_runs_once(node, parents),)
        for variant, change in enumerate(_wanted(node, parents))
    ]
    return sorted(found, key=lambda mutant: (mutant.line, mutant.node, mutant.variant))


def faulty(mutant: Mutant) -> ast.Module:
    """The file as it would be with this fault."""
    tree = _parsed(mutant.file)
    parents = _parents(tree)
    node = next(node for number, node in enumerate(ast.walk(tree)) if number == mutant.node)
    change = _wanted(node, parents)[mutant.variant]
    _put(node, change.make(), parents[node])
    return ast.fix_missing_locations(tree)


def _parsed(file: str) -> ast.Module:
    return ast.parse(Path(file).read_text(encoding="utf-8"), file)


def _parents(tree: ast.Module) -> Parents:
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


def _wanted(node: ast.AST, parents: Parents) -> list[Change]:
    """The changes possible here; none in what is only said: types, documentation, texts for people."""
    if node not in parents or not hasattr(node, "lineno") or _only_said(node, parents):
        return []
    return changes(node, parents[node])


def _only_said(node: ast.AST, parents: Parents) -> bool:
    below = node
    for above in _ancestors(node, parents):
        if _is_type(below, above) or _is_text(below, above):
            return True
        below = above
    return isinstance(parents[node], ast.Expr) and isinstance(node, ast.Constant)


def _is_type(below: ast.AST, above: ast.AST) -> bool:
    fields = ("annotation", "returns", "decorator_list", "bases")
    named = [value for name in fields for value in _listed(getattr(above, name, None))]
    return any(below is value for value in named)


def _is_text(below: ast.AST, above: ast.AST) -> bool:
    is_words = isinstance(above, ast.Call) and isinstance(above.func, ast.Name) and above.func.id in WORDS
    is_key = isinstance(above, ast.Dict) and any(below is key and says(value) for key, value in _entries(above))
    is_field = isinstance(above, ast.ClassDef) and isinstance(below, ast.Assign | ast.AnnAssign)
    return is_words or is_key or is_field or isinstance(above, ast.JoinedStr)


def _entries(table: ast.Dict) -> Iterator[tuple[ast.expr | None, ast.expr]]:
    return zip(table.keys, table.values, strict=True)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _ancestors(node: ast.AST, parents: Parents) -> Iterator[ast.AST]:
    while node in parents:
        node = parents[node]
        yield node


def _runs_once(node: ast.AST, parents: Parents) -> bool:
    """Whether it stands outside of every function's body: a constant, a default, a condition of a class."""
    below = node
    for above in _ancestors(node, parents):
        if isinstance(above, FUNCTIONS) and any(below is statement for statement in above.body):
            return False
        below = above
    return True


def _line(node: ast.AST) -> int:
    line: int = node.lineno  # type: ignore[attr-defined]
    return line


def _lines(node: ast.AST, parents: Parents) -> tuple[int, int]:
    """The lines of the expression that it is part of; of a compound statement only its head."""
    own = (node.lineno, node.end_lineno)  # type: ignore[attr-defined]
    if isinstance(node, ast.stmt):
        return own
    below = node
    for above in _ancestors(node, parents):
        if isinstance(above, ast.stmt):
            simple = not hasattr(above, "body")
            return (above.lineno, above.end_lineno or above.lineno) if simple else own
        below = above
    return (below.lineno, below.end_lineno)  # type: ignore[attr-defined]


def _put(old: ast.AST, new: ast.AST | None, parent: ast.AST) -> None:
    """Put a node in the place of another; nothing takes it out of its list."""
    if new is not None and new is not old:
        ast.copy_location(new, old)
    for name, value in ast.iter_fields(parent):
        if value is old:
            setattr(parent, name, new)
        elif isinstance(value, list) and any(one is old for one in value):
            setattr(parent, name, [new if one is old else one for one in value if one is not old or new is not None])

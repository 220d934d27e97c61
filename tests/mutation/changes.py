"""What can be changed about one node of Python: the slips that people make, and the lines that they forget."""

import ast
import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

SWAPS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}
NARROWING = {"where", "filter", "filter_by", "and_", "or_", "having"}
"""Calls whose arguments are conditions: one that is forgotten shows, or counts, too much."""
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what it does in words, and how to make what takes the node's place; nothing takes it out."""

    what: str
    make: Callable[[], ast.AST | None]


def changes(node: ast.AST, parent: ast.AST) -> list[Change]:
    """All changes of this node."""
    return [*_operators(node), *_conditions(node, parent), *_constants(node), *_statements(node), *_parts(node)]


def _to(node: ast.AST, change: Callable[[ast.AST], ast.AST | None], words: str = "") -> Change:
    """A change of a copy of the node."""
    new = change(copy.deepcopy(node))
    return Change(words or f"{_short(node)}  →  {_short(new) if new else 'nothing'}", lambda: new)


def _short(node: ast.AST | None) -> str:
    text = " ".join(ast.unparse(node).split()) if node else ""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _operators(node: ast.AST) -> list[Change]:
    if isinstance(node, ast.Compare):
        return [
            _to(node, partial(_set_at, at=at, operator=other()))
            for at, operator in enumerate(node.ops)
            for other in SWAPS.get(type(operator), ())
        ]
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign):
        return [_to(node, partial(_set, field="op", value=other())) for other in SWAPS.get(type(node.op), ())]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub | ast.Invert):
        return [_to(node, lambda new: new.operand)]  # type: ignore[attr-defined]
    return []


def _conditions(node: ast.AST, parent: ast.AST) -> list[Change]:
    """A bare condition is turned round; one with an operator has its own changes."""
    is_test = isinstance(parent, ast.If | ast.IfExp | ast.While) and parent.test is node
    is_test = is_test or (isinstance(parent, ast.comprehension) and any(node is one for one in parent.ifs))
    is_test = is_test or isinstance(parent, ast.BoolOp)
    bare = isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.NamedExpr)
    return [_to(node, lambda new: ast.UnaryOp(ast.Not(), new))] if is_test and bare else []  # type: ignore[arg-type]


def _constants(node: ast.AST) -> list[Change]:
    if not isinstance(node, ast.Constant):
        return []
    value = node.value
    if isinstance(value, bool):
        return [_to(node, lambda new: _set(new, "value", not value))]
    if isinstance(value, int | float):
        return [_to(node, lambda new: _set(new, "value", value + 1))]
    if isinstance(value, str):
        return [_to(node, lambda new: _set(new, "value", f"{value}XX" if value else "XX"))]
    return []


def _statements(node: ast.AST) -> list[Change]:
    """A line that is forgotten, and an answer that is nothing."""
    kept = isinstance(node, ast.Assign) and any(isinstance(one, ast.Attribute | ast.Subscript) for one in node.targets)
    called = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    if kept or called or isinstance(node, ast.AugAssign | ast.Raise):
        return [Change(f"{_short(node)}  →  pass", ast.Pass)]
    if isinstance(node, ast.Return) and node.value and not isinstance(node.value, ast.Constant):
        return [_to(node, lambda new: _set(new, "value", ast.Constant(None)))]
    return []


def _parts(node: ast.AST) -> list[Change]:
    """Members of a set or list, entries of a table, conditions of a query, what an argument hands over."""
    if isinstance(node, ast.Set | ast.List) and len(node.elts) > 1:
        return [_without(node, "elts", at) for at in range(len(node.elts))]
    if isinstance(node, ast.Dict):
        return [_entry_out(node, at) for at, value in enumerate(node.values) if node.keys[at] and not says(value)]
    if not isinstance(node, ast.Call):
        return []
    if _name(node.func) in NARROWING:
        return [_without(node, name, at) for name in ("args", "keywords") for at in range(len(getattr(node, name)))]
    return [
        _to(node, partial(_emptied, at=at), f"{_name(node.func)}(… {_short(one)} …)  →  {one.arg}=None")
        for at, one in enumerate(node.keywords)
        if _hands_over(one)
    ]


def _hands_over(argument: ast.keyword) -> bool:
    return argument.arg is not None and not isinstance(argument.value, ast.Constant)


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def says(value: ast.expr) -> bool:
    """Whether it is a text for people."""
    return isinstance(value, ast.Call) and _name(value.func) == "N_"


def _without(node: ast.AST, field: str, at: int) -> Change:
    part = getattr(node, field)[at]
    kept = [one for number, one in enumerate(getattr(node, field)) if number != at]
    return _to(node, lambda new: _set(new, field, kept), f"{_short(node)}  without  {_short(part)}")


def _entry_out(node: ast.Dict, at: int) -> Change:
    keys = [key for number, key in enumerate(node.keys) if number != at]
    values = [value for number, value in enumerate(node.values) if number != at]
    words = f"without the entry  {_short(node.keys[at])}: {_short(node.values[at])}"
    return _to(node, lambda new: _set(_set(new, "keys", keys), "values", values), words)


def _emptied(call: ast.AST, at: int) -> ast.AST:
    call.keywords[at].value = ast.Constant(None)  # type: ignore[attr-defined]
    return call


def _set(node: ast.AST, field: str, value: object) -> ast.AST:
    setattr(node, field, value)
    return node


def _set_at(node: ast.AST, at: int, operator: ast.AST) -> ast.AST:
    node.ops[at] = operator  # type: ignore[attr-defined]
    return node

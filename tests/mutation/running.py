"""Putting a fault into a running program: its functions get other code, in a process that ends afterwards."""

import ast
import gc
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

from tests.mutation.python_mutants import Mutant, faulty

Place = tuple[str, int]


def put_in(mutant: Mutant) -> bool:
    """Give all functions of the file that it concerns their faulty code; false when it concerns none that can be."""
    if mutant.runs_once:
        return _run_again(mutant)
    old = _codes(compile(Path(mutant.file).read_text(encoding="utf-8"), _path(mutant.file), "exec"))
    new = _codes(compile(faulty(mutant), _path(mutant.file), "exec"))
    changed = {place for place in old if place in new and old[place] != new[place] and place[0] != "<module>"}
    return bool(changed) and all(_exchange(place, new[place], _path(mutant.file)) for place in changed)


def _run_again(mutant: Mutant) -> bool:
    """Run one statement of a module anew, and let everybody who took its constant have the new one."""
    module = sys.modules[mutant.file.removesuffix(".py").replace("/", ".")]
    statement = next(one for one in faulty(mutant).body if one.lineno <= mutant.line <= (one.end_lineno or 0))
    if isinstance(statement, ast.FunctionDef):
        return _exchange_defaults(module, statement)
    if not isinstance(statement, ast.Assign | ast.AnnAssign):
        return False
    before = dict(vars(module))
    exec(compile(ast.Module([statement], []), _path(mutant.file), "exec"), vars(module))  # noqa: S102 - as an import does
    for name in [name for name, value in before.items() if vars(module)[name] is not value]:
        _hand_out(name, before[name], vars(module)[name])
    return True


def _hand_out(name: str, old: object, new: object) -> None:
    for module in list(sys.modules.values()):
        if module.__name__.startswith(("crew_app", "tests")) and vars(module).get(name) is old:
            setattr(module, name, new)


def _exchange_defaults(module: ModuleType, statement: ast.FunctionDef) -> bool:
    statement.decorator_list = []
    apart = dict(vars(module))
    exec(compile(ast.Module([statement], []), str(module.__file__), "exec"), apart)  # noqa: S102 - as an import does
    function, made = vars(module)[statement.name], apart[statement.name]
    if not isinstance(function, FunctionType):
        return False
    function.__defaults__, function.__kwdefaults__ = made.__defaults__, made.__kwdefaults__
    return True


def _path(file: str) -> str:
    return str(Path(file).resolve())


def _codes(code: CodeType) -> dict[Place, CodeType]:
    """Every code in a module by its name and first line."""
    return {(one.co_qualname, one.co_firstlineno): one for one in _nested(code)}


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)


def _exchange(place: Place, code: CodeType, path: str) -> bool:
    found = [
        function
        for function in gc.get_objects()
        if isinstance(function, FunctionType)
        and (function.__code__.co_qualname, function.__code__.co_firstlineno) == place
        and function.__code__.co_filename == path
    ]
    for function in found:
        if len(function.__code__.co_freevars) != len(code.co_freevars):
            return False
        function.__code__ = code
    return True

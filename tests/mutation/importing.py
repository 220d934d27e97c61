"""A pytest plugin for one fresh process: the file of CREW_MUTANT is imported with its fault."""

import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.mutation.python_mutants import Mutant, faulty


class Faulty(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module only, and loads it from its changed syntax tree."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant
        self.module = mutant.file.removesuffix(".py").replace("/", ".")

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        """Ours, or nothing."""
        if fullname != self.module:
            return None
        return importlib.util.spec_from_file_location(fullname, self._path, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        """Run it."""
        code = compile(faulty(self.mutant), self._path, "exec")
        exec(code, module.__dict__)  # noqa: S102 - what an import does

    @property
    def _path(self) -> str:
        return str(Path(self.mutant.file).resolve())


sys.meta_path.insert(0, Faulty(Mutant(**json.loads(os.environ["CREW_MUTANT"]))))

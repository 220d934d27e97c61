"""Where image work is done: never more than a set number at once."""

import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Made = TypeVar("Made")
_one_at_a_time = threading.Lock()


def develop(work: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs) -> Made:
    """Do image work in its turn; `work` is a plain function of a module whose arguments and result can be sent on."""
    with _one_at_a_time:
        return work(*args, **kwargs)

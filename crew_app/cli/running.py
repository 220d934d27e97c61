"""Running a command inside the application."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask

from crew_app import create_app
from crew_app.config import read_settings


def with_app(function: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command inside the application."""

    @wraps(function)
    def run(*arguments: Any, **options: Any) -> Any:
        app: Flask = create_app(read_settings())
        with app.app_context():
            return function(*arguments, **options)

    return run

"""Attacks on the application. The quick half runs with all tests, all of it by `make security`."""

from tests.security.tally import lines


def pytest_terminal_summary(terminalreporter):
    for line in lines():
        terminalreporter.write_line(line)

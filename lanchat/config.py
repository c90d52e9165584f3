"""``--config``: options from a TOML file, under the same names; what was typed wins."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_NOT_THERE = ("config", "version", "help")


class ConfigError(Exception):
    """The file cannot be used; the text says what is wrong and what to do."""


def take(path: Path, options: Any, repeated: Mapping[str, list[str]], means: Mapping[str, tuple[str, str]]) -> None:
    """Put into options (twisted.python.usage) what a file says and nobody typed.

    ``repeated`` are those that may be given several times, with what was typed; ``means`` says what each of them is,
    and gives an example.  Raises ConfigError.
    """
    settings = _read(path)
    given = {name for name, _, default, *_ in options.optParameters if options[str(name)] != default}
    flags = {name for name, *_ in options.optFlags}
    for option, typed in repeated.items():
        found = settings.pop(option, [])
        what, example = means[option]
        if not isinstance(found, str | list):
            raise ConfigError(f'{option} is {what} or a list of them, as in {option} = "{example}"')
        if not typed:
            typed += [found] if isinstance(found, str) else [str(each) for each in found]
    for name, value in settings.items():
        if name not in options or name in _NOT_THERE:
            raise ConfigError(f"there is no option {name}; --help lists them")
        if name in flags:
            if not isinstance(value, bool):
                raise ConfigError(f"{name} is true or false")
            options[name] = options[name] or value
        elif isinstance(value, bool | list | dict):
            raise ConfigError(f"{name} is one value")
        elif name not in given:
            options[name] = str(value)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text())
    except OSError as error:
        raise ConfigError(f"{error.strerror}. Name a file that can be read") from None
    except ValueError as error:
        raise ConfigError(f"no TOML: {error}") from None

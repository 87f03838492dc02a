"""The only reader of the environment.

Every variable is read here, once, with its type and range. A bad value stops start-up with
the variable's name and what was expected, whatever part of the site would have used it.
"""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError, validate

ROOT = Path(__file__).resolve().parents[2]

env = Env()
env.read_env(ROOT / ".env", recurse=False)


def read(kind: str, name: str, expected: str, **options):
    """Return one variable, or stop start-up saying which one is wrong and what it should be.

    `kind` is an environs parser ("str", "int", "bool", "list", "url"); `expected` completes the
    sentence "NAME should be …". The bad value itself is not repeated: it may be a secret.
    """
    try:
        return getattr(env, kind)(name, **options)
    except EnvError as error:
        raise ImproperlyConfigured(f"{name} should be {expected}.") from error


def read_bool(name: str, default: bool) -> bool:
    """Only the words true and false: a typing slip must not quietly open or close something."""
    value = env.str(name, None)
    if value is None:
        return default
    if value.lower() not in {"true", "false"}:
        raise ImproperlyConfigured(f"{name} should be true or false.")
    return value.lower() == "true"


def read_number(name: str, default: int, least: int, most: int, unit: str) -> int:
    """A whole number between `least` and `most`, both allowed."""
    return read(
        "int",
        name,
        f"a whole number of {unit} from {least} to {most}",
        default=default,
        validate=validate.Range(min=least, max=most),
    )


def read_choice(name: str, *choices: str) -> str:
    """One of these words; the first where nothing is said."""
    allowed = validate.OneOf(choices)
    return read("str", name, " or ".join(choices), default=choices[0], validate=allowed)


def read_like(name: str, pattern: str, expected: str, default: str) -> str:
    """A text that is as this regular expression says, the whole of it."""
    whole = validate.Regexp(rf"(?:{pattern})\Z")
    return read("str", name, expected, default=default, validate=whole)


def read_path(name: str, default: Path) -> Path:
    """A folder or file; relative ones are taken from the project's own folder."""
    value = Path(read("str", name, "a path", default=str(default)))
    return value if value.is_absolute() else ROOT / value


def read_secret(name: str, expected: str) -> str:
    """A secret from the variable, or from the file that NAME_FILE names; "" where neither is set.

    A file keeps it out of process lists and of what `docker inspect` shows.
    """
    file = env.str(f"{name}_FILE", "")
    if not file:
        return read("str", name, expected, default="")
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(
            f"{name}_FILE should name a file that holds {expected} and that we may read."
        ) from error

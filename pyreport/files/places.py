"""The folders of the rules, the notebooks and the sources of quotations.

``policy/`` and ``notebooks/`` hold no Python: in a checkout they are beside the package, where a lawyer finds them. A
wheel has them inside the package, since beside it are the packages of other projects. Code that needs one of the
folders asks here, so that it works in both.
"""

from pathlib import Path

__all__ = ["DISTRIBUTION", "checkout_folder", "import_folder", "notebooks_folder", "policy_folder", "sources_folder"]

DISTRIBUTION = "california-system-of-support"
"""The name of this project in ``pyproject.toml``, and under which it is installed."""
_PACKAGE = Path(__file__).resolve().parents[1]
_PROJECT_LINE = f'name = "{DISTRIBUTION}"'


def policy_folder() -> Path:
    """Return the folder of the rules, ``policy/``.

    Raises:
        FileNotFoundError: It is neither beside the package nor inside it.
    """
    return _folder("policy")


def notebooks_folder() -> Path:
    """Return the folder of the report notebooks, ``notebooks/``.

    Raises:
        FileNotFoundError: It is neither beside the package nor inside it.
    """
    return _folder("notebooks")


def import_folder() -> Path:
    """Return the folder from which the package is imported."""
    return _PACKAGE.parent


def checkout_folder() -> Path | None:
    """Return the checkout of this project that the package runs from, or ``None`` if it is installed from a wheel."""
    return _PACKAGE.parent if _is_checkout(_PACKAGE.parent) else None


def sources_folder() -> Path | None:
    """Return the folder in which the sources of quotations are collected, or ``None``.

    They are too large, and not ours, to be part of the project: a maintainer keeps them beside the checkout.
    """
    shared = _PACKAGE.parent.parent / "shared"
    return shared if _is_checkout(_PACKAGE.parent) and (shared / "law").is_dir() else None


def _folder(name: str) -> Path:
    beside = _PACKAGE.parent / name
    inside = _PACKAGE / name
    if beside.is_dir() and _is_checkout(_PACKAGE.parent):
        return beside
    if inside.is_dir():
        return inside
    raise FileNotFoundError(
        f"The folder {name!r} was not found: looked at {beside} (which counts only in a checkout of this project, "
        f"with its pyproject.toml) and at {inside} (where an installed package carries it)."
    )


def _is_checkout(folder: Path) -> bool:
    """Tell whether the folder is a checkout of this project.

    A folder that happens to be called ``policy`` may stand beside an installed package too, and rules
    that nobody reviewed must never be applied. So this project's own ``pyproject.toml`` has to be there.
    """
    try:
        text = (folder / "pyproject.toml").read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return False
    return _PROJECT_LINE in text.splitlines()

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections import defaultdict
from importlib.metadata import packages_distributions
from pathlib import Path, PurePosixPath

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

# What a source distribution holds, and nothing else of the checkout.
SOURCE_ENTRIES = [
    "pyreport",
    "policy",
    "notebooks",
    "tests",
    "benchmarks",
    "docs",
    "mkdocs.yml",
    "README.md",
    "LICENSE",
    "SECURITY.md",
    "CHANGELOG.md",
    "Makefile",
    "requirements.lock",
    "pyproject.toml",
]
# Where the wheel has the folders of the checkout.
WHEEL_PLACES = {"pyreport": "pyreport", "policy": "pyreport/policy", "notebooks": "pyreport/notebooks"}

CACHES = ("__pycache__", ".ipynb_checkpoints", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache")

# These take from a tenth of a second to a second each to import.
SLOW_LIBRARIES = {"IPython", "clingo", "nbclient", "nbconvert", "nbformat", "numpy", "pandas"}


def run(arguments: list[str], *, cwd: Path, pythonpath: Path | None = None) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if pythonpath is not None:
        environment["PYTHONPATH"] = str(pythonpath)
    done = subprocess.run(arguments, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(kind: str, project: Path, target: Path) -> Path:
    run([sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(target)], cwd=project)
    (built,) = target.iterdir()
    return built


def files_below(folder: Path) -> set[PurePosixPath]:
    """The files below a folder, relative to it, without what programs leave behind."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {PurePosixPath(path.as_posix()) for path in found if not set(path.parts) & set(CACHES)}


def names_in_wheel(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def source_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source distribution, unpacked; made from a checkout in which people have worked."""
    checkout = tmp_path_factory.mktemp("checkout")
    for name in [*SOURCE_ENTRIES, ".gitignore", ".ci"]:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns(*CACHES))
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, checkout / name)
    for left_behind in [
        "build/index.html",
        "dist/old.whl",
        ".venv/lib/module.py",
        ".venv-lock/lib/module.py",
        "notes.txt",
        "pyreport/__pycache__/module.pyc",
        "notebooks/.ipynb_checkpoints/county.ipynb",
        # Only the folders of these names at the top are meant by the list.
        "archive/policy/old.lp",
        "archive/LICENSE",
    ]:
        (checkout / left_behind).parent.mkdir(parents=True, exist_ok=True)
        (checkout / left_behind).write_text("left behind", encoding="utf-8")

    archive = build("sdist", checkout, tmp_path_factory.mktemp("sdist"))
    unpacked = tmp_path_factory.mktemp("unpacked")
    # By its command: the call takes the `filter` that newer Pythons want only from 3.11.4 on.
    run([sys.executable, "-m", "tarfile", "-e", str(archive), str(unpacked)], cwd=unpacked)
    (tree,) = unpacked.iterdir()
    return tree


def test_the_wheel_holds_the_package_the_rules_and_the_notebooks_and_nothing_else(wheel):
    expected = {f"{place}/{path}" for folder, place in WHEEL_PLACES.items() for path in files_below(ROOT / folder)}
    assert names_in_wheel(wheel) == expected


def test_the_wheel_is_found_to_be_complete_where_it_is_unpacked(wheel, tmp_path):
    installed = tmp_path / "installed"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    # A folder of that name which another project installed must not be taken for the rules.
    (installed / "policy").mkdir()

    question = """
import json
from pathlib import Path
import pyreport
from pyreport.files import places

package = Path(pyreport.__file__).parent
print(json.dumps({
    "package": str(package),
    "policy": str(places.policy_folder()),
    "notebooks": str(places.notebooks_folder()),
    "tables": sorted(path.relative_to(package).as_posix() for path in package.rglob("*.csv")),
}))
"""
    answer = json.loads(run([sys.executable, "-c", question], cwd=elsewhere, pythonpath=installed))

    assert answer["package"] == str(installed / "pyreport")
    assert answer["policy"] == str(installed / "pyreport" / "policy")
    assert answer["notebooks"] == str(installed / "pyreport" / "notebooks")
    assert files_below(installed / "pyreport" / "policy") == files_below(ROOT / "policy")
    assert files_below(installed / "pyreport" / "notebooks") == files_below(ROOT / "notebooks")
    tables = sorted(str(path) for path in files_below(ROOT / "pyreport") if path.suffix == ".csv")
    assert tables, "the package has record tables of its own"
    assert set(tables) <= set(answer["tables"])


def test_the_wheel_says_that_it_is_typed_and_has_the_command_and_the_license(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (entry_points,) = (name for name in names if name.endswith(".dist-info/entry_points.txt"))
        assert "pyreport = pyreport.__main__:main" in archive.read(entry_points).decode()
    assert "pyreport/py.typed" in names
    assert [name for name in names if name.endswith(".dist-info/licenses/LICENSE")]


def test_an_editable_installation_copies_nothing_that_could_grow_stale(tmp_path):
    code = f"from hatchling.build import build_editable; build_editable({str(tmp_path)!r})"
    run([sys.executable, "-c", code], cwd=ROOT)
    (built,) = tmp_path.iterdir()
    assert names_in_wheel(built) == {"_california_system_of_support.pth"}
    with zipfile.ZipFile(built) as archive:
        assert archive.read("_california_system_of_support.pth").decode().split() == [str(ROOT)]


def test_the_source_distribution_holds_the_listed_entries_and_nothing_else(source_tree):
    expected = {PurePosixPath("PKG-INFO"), PurePosixPath(".gitignore")}
    for name in SOURCE_ENTRIES:
        if (ROOT / name).is_dir():
            expected |= {name / path for path in files_below(ROOT / name)}
        elif (ROOT / name).exists():
            expected.add(PurePosixPath(name))
    assert files_below(source_tree) == expected


def test_the_wheel_built_from_the_source_distribution_is_the_same(source_tree, wheel, tmp_path):
    assert names_in_wheel(build("wheel", source_tree, tmp_path)) == names_in_wheel(wheel)


def locked_requirements() -> list[str]:
    lines = LOCK.replace("\\\n", " ").splitlines()
    return [" ".join(line.split()) for line in lines if line.strip() and not line.lstrip().startswith("#")]


def locked_versions() -> dict[str, list[str]]:
    """For each distribution, the versions locked; there are several where interpreters need different ones."""
    versions = defaultdict(list)
    for line in locked_requirements():
        requirement = Requirement(line.partition(" --hash=")[0])
        (pin,) = requirement.specifier
        versions[canonicalize_name(requirement.name)].append(pin.version)
    return versions


def test_every_locked_requirement_has_one_version_and_a_hash():
    whole = re.compile(r"[a-z0-9-]+==\S+( ; [^#]+?)?( --hash=sha256:[0-9a-f]{64})+")
    lines = locked_requirements()
    assert lines
    assert [line for line in lines if not whole.fullmatch(line)] == []


def test_the_lock_names_no_address_and_no_path():
    # Comments too: a path there tells of the machine that the lock was made on.
    without_line_ends = LOCK.replace("\\\n", "\n")
    assert [line for line in without_line_ends.splitlines() if re.search(r"[/\\@]|--(?!hash=)", line)] == []


@pytest.mark.parametrize(
    "wanted",
    [
        *PROJECT["build-system"]["requires"],
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["dev"],
    ],
)
def test_the_lock_satisfies_what_the_project_asks_for(wanted):
    requirement = Requirement(wanted)
    versions = locked_versions()[canonicalize_name(requirement.name)]
    assert versions, f"{requirement.name} is not locked: run make lock"
    assert all(requirement.specifier.contains(version) for version in versions), versions


def test_a_report_needs_no_notebook_server():
    asked_for = {canonicalize_name(Requirement(text).name) for text in PROJECT["project"]["dependencies"]}
    servers = {"jupyter", "jupyterlab", "notebook", "jupyter-server"}
    assert not asked_for & servers
    assert not set(locked_versions()) & servers


def modules_loaded_by(code: str) -> set[str]:
    """The modules that some code loads in a new interpreter, beyond those of the interpreter's own start."""
    program = (
        f"import sys\nbefore = set(sys.modules)\n{code}\nprint(*sorted(set(sys.modules) - before), file=sys.stderr)"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


def test_importing_the_package_loads_no_slow_library():
    loaded = modules_loaded_by("import pyreport")
    assert "pyreport" in loaded
    assert not loaded & (SLOW_LIBRARIES | {"importlib.metadata"})


def test_importing_the_places_loads_no_slow_library():
    loaded = modules_loaded_by("import pyreport.files.places")
    assert "pyreport.files.places" in loaded
    assert not loaded & (SLOW_LIBRARIES | {"importlib.metadata"})


def test_help_of_the_command_and_of_every_subcommand_loads_no_slow_library():
    show_all_help = """
import click
from pyreport.cli import main

def show_help(command, names):
    try:
        main([*names, "--help"], prog_name="pyreport")
    except SystemExit as end:
        assert end.code == 0, (names, end.code)
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            show_help(command.get_command(context, name), [*names, name])

assert isinstance(main, click.Group)
assert main.list_commands(click.Context(main))
show_help(main, [])
"""
    loaded = modules_loaded_by(show_all_help)
    assert "pyreport.cli" in loaded
    assert not loaded & SLOW_LIBRARIES


def required_by(tree: ast.AST) -> set[str]:
    """The top-level modules that code imports, but not what it does without where it is not installed."""
    found = set()
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(str(node.module).partition(".")[0])
        elif not (isinstance(node, ast.Try) and "ModuleNotFoundError" in map(ast.unparse, filter(None, handled(node)))):
            found |= required_by(node)
    return found


def handled(node: ast.Try) -> list[ast.expr | None]:
    return [handler.type for handler in node.handlers]


def imported_by(*folders: str) -> dict[str, str]:
    """The distributions that the modules and notebooks of those folders import, each with one that does."""
    distributions = packages_distributions()
    found = {}
    for path in sorted(path for folder in folders for path in (ROOT / folder).rglob("*")):
        if path.name == "xclingo_peer.py":
            # Run by the interpreter of an environment that the benchmark makes for the peer.
            continue
        if path.suffix == ".py":
            source = path.read_text(encoding="utf-8")
        elif path.suffix == ".ipynb" and ".ipynb_checkpoints" not in path.parts:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            source = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        else:
            continue
        for module in required_by(ast.parse(source)) - {*sys.stdlib_module_names, "pyreport"}:
            # A module of no distribution is one of the tests' own.
            assert module in distributions or list((ROOT / "tests").rglob(f"{module}*")), (path, module)
            found |= {canonicalize_name(name): str(path) for name in distributions.get(module, [])}
    return found


@pytest.mark.parametrize(
    ("folders", "extras"),
    [(["pyreport", "notebooks"], []), (["pyreport", "notebooks", "tests", "benchmarks"], ["dev"])],
    ids=["the package", "tests and benchmarks"],
)
def test_whatever_is_imported_is_declared(folders, extras):
    wanted = [*PROJECT["project"]["dependencies"]]
    for extra in extras:
        wanted += PROJECT["project"]["optional-dependencies"][extra]
    declared = {canonicalize_name(Requirement(text).name) for text in wanted}
    imported = imported_by(*folders)
    assert {"clingo", "python-calamine", "nbclient"} <= set(imported)
    assert {name: path for name, path in imported.items() if name not in declared} == {}

import shutil
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from pyreport.files import places

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ["policy", "notebooks"]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with the package in it, as in a checkout or in site-packages, and nothing else."""
    package = tmp_path / "site" / "pyreport"
    package.mkdir(parents=True)
    (package / "files").mkdir()
    shutil.copy(ROOT / "pyreport" / "files" / "places.py", package / "files")
    return package.parent


def find(site: Path, name: str) -> Path:
    spec = spec_from_file_location("places_elsewhere", site / "pyreport" / "files" / "places.py")
    assert spec is not None
    assert spec.loader is not None
    module: ModuleType = module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, f"{name}_folder")()


def make_checkout(site: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", site)


def test_in_the_checkout_the_folders_stand_beside_the_package():
    assert places.policy_folder() == ROOT / "policy"
    assert places.notebooks_folder() == ROOT / "notebooks"


@pytest.mark.parametrize("name", FOLDERS)
def test_in_a_checkout_the_folder_beside_the_package_wins(site, name):
    make_checkout(site)
    (site / name).mkdir()
    (site / "pyreport" / name).mkdir()
    assert find(site, name) == site / name


@pytest.mark.parametrize("name", FOLDERS)
def test_an_installed_package_uses_the_folder_inside_it(site, name):
    (site / "pyreport" / name).mkdir()
    assert find(site, name) == site / "pyreport" / name


@pytest.mark.parametrize("name", FOLDERS)
@pytest.mark.parametrize(
    "project_file",
    [
        None,
        '[project]\nname = "another-project"\n',
        '[project]\nname = "another"\n# not name = "california-system-of-support"\n',
    ],
    ids=["no project file", "another project's", "one that only mentions this project"],
)
def test_a_folder_of_the_same_name_that_is_not_this_projects_is_never_used(site, name, project_file):
    (site / name).mkdir()
    if project_file is not None:
        (site / "pyproject.toml").write_text(project_file, encoding="utf-8")
    with pytest.raises(FileNotFoundError):
        find(site, name)
    (site / "pyreport" / name).mkdir()
    assert find(site, name) == site / "pyreport" / name


@pytest.mark.parametrize("name", FOLDERS)
@pytest.mark.parametrize("is_checkout", [True, False])
def test_the_error_names_both_places_looked_at(site, name, is_checkout):
    if is_checkout:
        make_checkout(site)
    with pytest.raises(FileNotFoundError) as caught:
        find(site, name)
    message = str(caught.value)
    assert str(site / name) in message
    assert str(site / "pyreport" / name) in message


@pytest.mark.parametrize("name", FOLDERS)
def test_a_file_is_not_taken_for_the_folder(site, name):
    make_checkout(site)
    (site / name).write_text("", encoding="utf-8")
    with pytest.raises(FileNotFoundError):
        find(site, name)

"""What is installed is what is here, and twistd finds it."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

from twisted.application.service import IServiceMaker
from twisted.plugin import getPlugins

import lanchat

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_no_init_file_shadows_twisted() -> None:
    """One in twisted/ would shadow Twisted, one in twisted/plugins/ would hide the plugin."""
    assert [path.name for path in (ROOT / "twisted").rglob("*.py")] == ["lanchat_plugin.py"]


def test_twistd_finds_the_plugin() -> None:
    """``twistd lanchat`` is known, once, and the plugin's file imports nothing else of ours."""
    (found,) = [plugin for plugin in getPlugins(IServiceMaker) if plugin.tapname == "lanchat"]
    assert found.module == "lanchat.service"
    assert "import lanchat" not in (ROOT / "twisted/plugins/lanchat_plugin.py").read_text()


def test_versions_agree() -> None:
    """The project, the package and what is installed are the same version."""
    assert PROJECT["version"] == lanchat.__version__ == importlib.metadata.version("lanchat")


def test_wheel_has_everything(tmp_path: Path) -> None:
    """The wheel has every module, the scripts of the journal, the plugin, and nothing of Twisted's own."""
    build = [sys.executable, "-c", "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"]
    subprocess.run([*build, str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.endswith((".py", ".sql"))}
    ours = [*(ROOT / "lanchat").rglob("*.py"), *(ROOT / "lanchat").rglob("*.sql")]
    here = {path.relative_to(ROOT).as_posix() for path in ours}
    assert packed == here | {"twisted/plugins/lanchat_plugin.py"}

"""The shape of the source: faces of contexts, size of modules, verbs and the launcher that must know them."""

import ast
import importlib
import re
import tomllib
from pathlib import Path

import pytest

from kis.cli.commands import SECTIONS, VERBS
from tools.repository import ROOT

SOURCE = ROOT / "src" / "kis"
CONTEXTS = ("catalog", "evidence", "estimator")
LONGEST_MODULE_LINES = 500


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


class TestContexts:
    @pytest.mark.parametrize("name", CONTEXTS)
    def test_say_what_they_offer(self, name: str) -> None:
        context = importlib.import_module(f"kis.{name}")
        offered = context.__all__
        assert offered, "a context that offers nothing cannot be used"
        assert len(offered) == len(set(offered)), "a name is offered twice"
        assert [name for name in offered if not hasattr(context, name)] == []


class TestModules:
    def test_hold_one_idea(self) -> None:
        lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
        assert {path: length for path, length in lengths.items() if length > LONGEST_MODULE_LINES} == {}

    def test_say_what_they_are_for(self) -> None:
        silent = [
            path for path in modules() if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        ]
        assert silent == []


class TestPackage:
    def test_holds_every_file_of_the_source(self) -> None:
        settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        patterns = settings["tool"]["setuptools"]["package-data"]["kis"]
        packed = {path for pattern in patterns for path in SOURCE.glob(pattern)}
        data = {
            path
            for path in SOURCE.rglob("*")
            if path.is_file() and path.suffix not in {".py", ".pyc"} and path.name != "py.typed"
        }
        assert data - packed == set()


class TestVerbs:
    def test_of_development_are_those_for_which_the_launcher_installs_the_tools(self) -> None:
        launcher = (ROOT / "kis").read_text(encoding="utf-8")
        listed = re.search(r"^    ((?:\w+ \| )+\w+)\)$", launcher, re.MULTILINE)
        assert listed
        developing = next(section for section in SECTIONS if section.name == "develop")
        assert sorted(listed.group(1).split(" | ")) == sorted(verb.name for verb in developing.verbs)

    @pytest.mark.parametrize("name", VERBS)
    def test_are_there_under_their_names(self, name: str) -> None:
        verb = VERBS[name]
        command = getattr(importlib.import_module(f"kis.cli.commands.{verb.module}"), verb.attribute)
        assert command.name == name

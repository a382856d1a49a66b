"""The verbs of whoever changes KIS: each runs one tool over the source tree and hands back the tool's exit code."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from kis.cli.declare import argument, command
from kis.cli.output import say
from kis.platform.errors import KisError, NotFound
from kis.platform.messages import Message

ROOT: Final = Path(__file__).resolve().parents[4]
CHECKED_FOLDERS: Final = ("src", "tests", "tools", "benchmarks")
LOCKS: Final = ("runtime", "development", "installer")  # in this order: development is constrained by runtime
TEST_PROCESSES: Final = "2"
PASS_ON: Final = {"ignore_unknown_options": True}


class OutsideSourceTree(KisError):
    """A development verb was called where there is no source tree to work on."""

    code = "outside_source_tree"

    def __init__(self) -> None:
        super().__init__(Message("cli.develop.source_tree_only"))


class ToolMissing(NotFound):
    """A tool that the verb runs is not installed."""

    code = "tool_missing"

    def __init__(self, tool: str) -> None:
        super().__init__(Message("cli.develop.no_tool", {"tool": tool}))


class NoSuchBenchmark(NotFound):
    """No benchmark has the name that was asked for."""

    code = "no_such_benchmark"

    def __init__(self, name: str, names: Sequence[str]) -> None:
        super().__init__(Message("cli.develop.no_benchmark", {"name": name, "names": ", ".join(names)}))


passed_on = argument("arguments", nargs=-1, type=click.UNPROCESSED, help_key="cli.argument.passed_on")


@command("test", help_key="cli.command.test", context_settings=PASS_ON, takes_global_options=False)
@passed_on
def test(arguments: tuple[str, ...]) -> int:
    """Have the programs the suite drives, then run pytest on as many processes as two cores carry."""
    _module("tools.servers")
    return _module("pytest", "-n", TEST_PROCESSES, "--dist", "worksteal", *arguments)


@command("lint", help_key="cli.command.lint")
def lint() -> int:
    """Run both halves of ruff, the second also when the first complains."""
    rules = _module("ruff", "check")
    formatting = _module("ruff", "format", "--check")
    return rules or formatting


@command("fix", help_key="cli.command.fix")
def fix() -> int:
    """Let ruff mend what it can; what is left makes the verb fail."""
    rules = _module("ruff", "check", "--fix")
    formatting = _module("ruff", "format")
    return rules or formatting


@command("types", help_key="cli.command.types")
def types() -> int:
    """Run mypy over every folder that holds code."""
    return _module("mypy", *(folder for folder in CHECKED_FOLDERS if (ROOT / folder).is_dir()))


@command("contracts", help_key="cli.command.contracts")
def contracts() -> int:
    """Run import-linter."""
    return _run(_program("lint-imports"), "--no-logo")


@command("docs", help_key="cli.command.docs", context_settings=PASS_ON, takes_global_options=False)
@passed_on
def docs(arguments: tuple[str, ...]) -> int:
    """Run the documentation checks of tools/."""
    return _module("tools.check_docs", *arguments)


@command("examples", help_key="cli.command.examples", context_settings=PASS_ON, takes_global_options=False)
@passed_on
def examples(arguments: tuple[str, ...]) -> int:
    """Run the tests that run every file of examples/."""
    return _module("pytest", "tests/examples", *arguments)


@command("bench", help_key="cli.command.bench", context_settings=PASS_ON, takes_global_options=False)
@argument("name", required=False, help_key="cli.argument.benchmark")
@passed_on
def bench(name: str | None, arguments: tuple[str, ...]) -> int:
    """Run one file of benchmarks/."""
    _require_source_tree()
    names = sorted(path.stem for path in (ROOT / "benchmarks").glob("[!_]*.py"))
    if name is None:
        say(Message("cli.develop.benchmarks", {"names": ", ".join(names)}))
        return 0
    if name not in names:
        raise NoSuchBenchmark(name, names)
    return _module(f"benchmarks.{name}", *arguments)


@command("mutate", help_key="cli.command.mutate", context_settings=PASS_ON, takes_global_options=False)
@passed_on
def mutate(arguments: tuple[str, ...]) -> int:
    """Run mutmut; its settings in pyproject.toml name the code that is mutated and the tests that must notice."""
    return _module("mutmut", *(arguments or ("run",)))


@command("lock", help_key="cli.command.lock", context_settings=PASS_ON, takes_global_options=False)
@passed_on
def lock(arguments: tuple[str, ...]) -> int:
    """Resolve the lists anew for every platform; versions move only with ``--upgrade``.

    No address of a package index gets into the files, so they hold wherever the packages come from.
    """
    for name in LOCKS:
        code = _module(
            "uv", "pip", "compile", f"requirements/{name}.in", "--output-file", f"requirements/{name}.txt",
            "--universal", "--python-version", "3.11", "--generate-hashes",
            "--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate", "--quiet",
            *arguments,
        )  # fmt: skip
        if code:
            return code
    return 0


@command("ci", help_key="cli.command.ci")
def ci() -> int:
    """Run what the build server runs."""
    return _run("bash", ".ci/run")


def _module(name: str, *arguments: str) -> int:
    return _run(sys.executable, "-m", name, *arguments)


def _program(name: str) -> str:
    """Return the path of a program that was installed beside this Python."""
    path = Path(sys.executable).with_name(name)
    if not path.exists():
        raise ToolMissing(name)
    return str(path)


def _run(*words: str) -> int:
    _require_source_tree()
    sys.stdout.flush()
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(words, cwd=ROOT, env=environment, check=False).returncode


def _require_source_tree() -> None:
    if not (ROOT / "pyproject.toml").is_file():
        raise OutsideSourceTree

"""The list of verbs. Adding one is one line here and its module beside this one.

A verb's module is imported only when the verb is called, so ``kis --help`` costs the same however many there are.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb by name; ``cli.command.<name>`` of the message catalogue says what it does."""

    name: str
    module: str

    @property
    def attribute(self) -> str:
        """Return the name of the click command inside the module."""
        return self.name.replace("-", "_")

    @property
    def help_key(self) -> str:
        """Return the message that says what the verb does, in one line."""
        return f"cli.command.{self.name}"


@dataclass(frozen=True, slots=True)
class Section:
    """Verbs shown under one heading of the help."""

    name: str
    verbs: tuple[Verb, ...]

    @property
    def title_key(self) -> str:
        """Return the message that heads the section."""
        return f"cli.section.{self.name}"


SECTIONS: Final = (
    Section(
        "work",
        (
            Verb("quote", "quote"),
            Verb("requote", "requote"),
            Verb("explain", "explain"),
            Verb("evidence", "evidence"),
            Verb("documents", "documents"),
            Verb("brand", "brand"),
            Verb("catalog", "catalog"),
            Verb("price-book", "prices"),
            Verb("rulebook", "rulebook"),
            Verb("template", "template"),
            Verb("knowledge", "knowledge"),
            Verb("assistant", "assistant"),
        ),
    ),
    Section(
        "operate",
        (
            Verb("up", "up"),
            Verb("worker", "worker"),
            Verb("db", "db"),
            Verb("check-env", "check_env"),
            Verb("audit", "audit"),
            Verb("admin", "admin"),
            Verb("mcp", "mcp"),
        ),
    ),
    Section(
        "develop",
        (
            Verb("test", "develop"),
            Verb("lint", "develop"),
            Verb("fix", "develop"),
            Verb("types", "develop"),
            Verb("contracts", "develop"),
            Verb("docs", "develop"),
            Verb("examples", "develop"),
            Verb("bench", "develop"),
            Verb("mutate", "develop"),
            Verb("lock", "develop"),
            Verb("ci", "develop"),
        ),
    ),
)

VERBS: Final = {verb.name: verb for section in SECTIONS for verb in section.verbs}

"""``./kis docs``: every check of the words that people read. Prints each problem; ends with 1 when there is one."""

import argparse
import sys
from collections.abc import Callable, Mapping
from typing import Final

from tools import message_catalogue
from tools.generated import outdated_pages, write_pages
from tools.links import broken_links
from tools.repository import own_files
from tools.words import unwanted_words


def message_problems() -> list[str]:
    """Return what is wrong with the message catalogue or with its use."""
    catalogue = message_catalogue.entries()
    uses = message_catalogue.uses_in_source()
    return message_catalogue.catalogue_problems(catalogue) + message_catalogue.use_problems(catalogue, uses)


CHECKS: Final[Mapping[str, Callable[[], list[str]]]] = {
    "generated pages": outdated_pages,
    "links": lambda: broken_links(own_files("*.md")),
    "messages": message_problems,
    "words": lambda: unwanted_words(own_files()),
}


def main(arguments: list[str]) -> int:
    """Run every check, after writing the generated pages anew where that is asked."""
    parser = argparse.ArgumentParser(prog="./kis docs", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the generated pages first")
    if parser.parse_args(arguments).write:
        write_pages()
    problems = []
    for name, check in CHECKS.items():
        found = check()
        print(f"{name}: {'ok' if not found else f'{len(found)} problem(s)'}")
        problems += found
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The page of roles and permissions, made from the table the services check."""

from typing import Final

from kis.identity import ROLE_PERMISSIONS, Permission, Role

HEAD: Final = """# 역할과 권한 / Roles and permissions

<!-- Made by `./kis docs --write` from the program itself. -->

역할은 조직 안에서 사람이나 API 키가 무엇을 할 수 있는지 정합니다. 권한은 경로가 아니라 서비스가 확인하므로 API, MCP, 명령줄에서 모두 같습니다.

A role says what a person or an API key may do in an organisation. The services check the permission, not the routes, so it holds for the API, for MCP and for the command line alike.
An API key can be narrowed to some permissions of its role. Row-level security keeps every role to its own organisation.

"""
FOOT: Final = """
`installation.operate` belongs to no role: operators of the installation (`isOperator`) have it beside theirs. It makes organisations, shows the audit log of the whole installation and the figures of `/metrics`.
No API key has it.

Reviewers accept what a gate refused and approve mixed brands; who quotes does not approve an exception of their own. Everybody may see themselves, change their own name, language and password, and end their own logins.
"""


def permissions_page() -> str:
    """Return the page."""
    roles = (Role.ADMIN, Role.ESTIMATOR, Role.EDITOR, Role.REVIEWER, Role.VIEWER)
    lines = [
        f"| permission | {' | '.join(role.value for role in roles)} |",
        f"| --- |{' :-: |' * len(roles)}",
        *(_row(permission, roles) for permission in Permission),
    ]
    return HEAD + "\n".join(lines) + "\n" + FOOT


def _row(permission: Permission, roles: tuple[Role, ...]) -> str:
    marks = " | ".join("✓" if permission in ROLE_PERMISSIONS[role] else "" for role in roles)
    return f"| `{permission.value}` | {marks} |"

"""Roles and what each may do: an explicit table, and what is not in it is denied."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping


class Role(StrEnum):
    """What a person is at this plant. One person has one role."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ENGINEER = "engineer"
    SECURITY = "security"


class Permission(StrEnum):
    """One thing that may be allowed."""

    VIEW = "view"
    """See the plant, its decisions, its documents and the journal."""
    OWN_ACCOUNT = "own-account"
    """Change one's own password and second factor, and end one's own sessions."""
    RESET_LATCHES = "reset-latches"
    """Reset what has latched, as a person on the spot."""
    PROPOSE = "propose"
    """Hand in a trust.json or bounds.json that the site's authority signed."""
    APPROVE = "approve"
    """Approve such a document, or withdraw it."""
    DROP_UPDATE = "drop-update"
    """Lay a signed update where the updater takes it."""
    MANAGE_USERS = "manage-users"
    """Add and remove people, change their roles, give one-time codes."""
    MANAGE_TOKENS = "manage-tokens"
    """Make and revoke tokens of the programming interface."""


_EVERYBODY = frozenset({Permission.VIEW, Permission.OWN_ACCOUNT})

GRANTS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.VIEWER: _EVERYBODY,
        Role.OPERATOR: _EVERYBODY | {Permission.RESET_LATCHES},
        Role.ENGINEER: _EVERYBODY
        | {
            Permission.RESET_LATCHES,
            Permission.PROPOSE,
            Permission.APPROVE,
            Permission.DROP_UPDATE,
            Permission.MANAGE_TOKENS,
        },
        Role.SECURITY: _EVERYBODY
        | {
            Permission.APPROVE,
            Permission.DROP_UPDATE,
            Permission.MANAGE_USERS,
            Permission.MANAGE_TOKENS,
        },
    }
)
"""The whole of what each role may do."""

SCOPES = frozenset({Permission.VIEW, Permission.PROPOSE, Permission.DROP_UPDATE})
"""What a token may carry at most. Approvals, resets, users and tokens are for people who are there."""

ROLE_TEXT: Mapping[Role, Text] = MappingProxyType(
    {
        Role.VIEWER: Text("閲覧者", "viewer"),
        Role.OPERATOR: Text("運転員", "operator"),
        Role.ENGINEER: Text("技術者", "engineer"),
        Role.SECURITY: Text("セキュリティ管理者", "security"),
    }
)
PERMISSION_TEXT: Mapping[Permission, Text] = MappingProxyType(
    {
        Permission.VIEW: Text(
            "状態・決定・文書・ジャーナルを見る", "see state, decisions, documents, journal"
        ),
        Permission.OWN_ACCOUNT: Text(
            "自分のパスワードと二要素認証", "own password and second factor"
        ),
        Permission.RESET_LATCHES: Text("保護の復帰", "reset latches"),
        Permission.PROPOSE: Text("署名済み文書の提出", "hand in signed documents"),
        Permission.APPROVE: Text("文書の承認・取下げ", "approve or withdraw documents"),
        Permission.DROP_UPDATE: Text("更新ファイルの受渡し", "hand over signed updates"),
        Permission.MANAGE_USERS: Text("利用者の管理", "manage users"),
        Permission.MANAGE_TOKENS: Text("API トークンの管理", "manage API tokens"),
    }
)


def may(role: Role, permission: Permission) -> bool:
    """Whether the table grants it."""
    return permission in GRANTS[role]

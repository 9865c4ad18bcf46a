"""The closed list of roles, by the words YAML and permissions use and the Chinese words people see.

Used by reading (filled_by, slots, person fields), by security and by the screens. A role that is not here
does not exist anywhere.
"""

from typing import Final

ROLES: Final[dict[str, str]] = {
    "clerk": "经办人",
    "head": "单位负责人",
    "director": "办公室主任",
    "leader": "领导小组成员",
    "custodian": "专管员",
    "admin": "系统管理员",
    "auditor": "审计员",
}

"""Verbs on organisations, people and posts, by subject; who may give which post is said in
`appointing`, who may change the tree by ORGANIZATION_EDIT."""

from apps.organizations.services.organizations import (
    close,
    found,
    move,
    rename,
    set_facts,
)
from apps.organizations.services.people import correct, create_user, initials
from apps.organizations.services.posts import (
    appoint,
    deputize,
    end,
    entrust,
    hand_over,
    name_drafter,
)
from apps.organizations.services.proposals import (
    confirm,
    propose_appointment,
    propose_end,
    refuse,
    withdraw,
)

__all__ = [
    "appoint",
    "close",
    "confirm",
    "correct",
    "create_user",
    "deputize",
    "end",
    "entrust",
    "found",
    "hand_over",
    "initials",
    "move",
    "name_drafter",
    "propose_appointment",
    "propose_end",
    "refuse",
    "rename",
    "set_facts",
    "withdraw",
]

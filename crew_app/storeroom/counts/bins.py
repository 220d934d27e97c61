"""Where things lie in a store."""

from uuid import UUID


def bins(_store_id: UUID) -> dict[UUID, str]:
    """The bin (库位) of each item of a store; nothing for items without one."""
    return {}

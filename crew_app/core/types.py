"""Column types and the annotated columns that most tables share."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, ForeignKey
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator

from crew_app.core.ids import new_id


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; a naive one is a programming error and refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware time into UTC before it is stored."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the stored time back as an aware UTC datetime."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Fixed(TypeDecorator[Decimal]):
    """An exact decimal with a fixed number of places, stored as a whole number so that SQL sums stay exact."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Scale to a whole number; more places than the column holds are rounded half up."""
        if value is None:
            return None
        return int(Decimal(value).scaleb(self.places).quantize(Decimal(1), ROUND_HALF_UP))

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Scale back to a Decimal."""
        return None if value is None else Decimal(int(value)).scaleb(-self.places)


def enum(kind: type[StrEnum], length: int = 20) -> Enum:
    """Column type for a StrEnum, stored by value in a plain text column."""
    return Enum(
        kind, native_enum=False, length=length, create_constraint=False, values_callable=lambda k: [m.value for m in k]
    )


QUANTITY = Fixed(3)
MONEY = Fixed(4)

Id = Annotated[UUID, mapped_column(primary_key=True, default=new_id)]
SiteId = Annotated[UUID, mapped_column(ForeignKey("sites.id"), index=True)]
PersonId = Annotated[UUID, mapped_column(ForeignKey("people.id"))]
Time = Annotated[datetime, mapped_column(UtcDateTime)]
Quantity = Annotated[Decimal, mapped_column(QUANTITY)]
Money = Annotated[Decimal, mapped_column(MONEY)]

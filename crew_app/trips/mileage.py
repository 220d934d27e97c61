"""What the odometer of a vehicle had shown by a moment, whatever has arrived since."""

from datetime import datetime

from sqlalchemy import func, select

from crew_app.core.db import session
from crew_app.trips.models import Filling, Trip, Vehicle


def known_km(vehicle: Vehicle, at: datetime) -> int:
    """The highest reading up to this moment; what the vehicle began with while there is none."""
    readings = [
        select(func.max(Trip.km_out)).where(Trip.asset_id == vehicle.asset_id, Trip.left_at <= at),
        select(func.max(Trip.km_in)).where(Trip.asset_id == vehicle.asset_id, Trip.back_at <= at),
        select(func.max(Filling.km)).where(Filling.asset_id == vehicle.asset_id, Filling.at <= at),
    ]
    found = [km for km in (session.scalar(query) for query in readings) if km is not None]
    return max(found, default=0 if _was_read(vehicle) else vehicle.km)


def _was_read(vehicle: Vehicle) -> bool:
    trip = session.scalar(
        select(Trip.ticket_id).where(Trip.asset_id == vehicle.asset_id, Trip.left_at.is_not(None)).limit(1)
    )
    return trip is not None

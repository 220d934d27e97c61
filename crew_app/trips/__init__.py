"""Trips (用车): vehicles, who drives them where, mileage, fuel and upkeep."""

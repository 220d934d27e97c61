"""Registers: who is inside, what one shift leaves to the next, licences and certificates, training."""

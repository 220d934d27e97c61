"""Satisfaction (满意度): a few questions a month per ward, by QR code, answered by nobody in particular."""

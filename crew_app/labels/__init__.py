"""Labels with QR codes: sheets, rolls, blank tags."""

"""What a phone takes along to work without a network."""

"""Where things are: places, assets, and the tags that point to exactly one of them."""

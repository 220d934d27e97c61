"""Stock counts (盘点): what was found on the shelves, against what the books had at that moment."""

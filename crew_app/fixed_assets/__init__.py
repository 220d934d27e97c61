"""Fixed assets (固定资产): cards, transfers between departments, counts, spot checks, scrapping."""

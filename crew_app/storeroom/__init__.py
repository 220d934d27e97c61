"""The storeroom: slips, counts, demand and purchasing, all of which end as postings of the ledger."""

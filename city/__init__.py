"""The city's side: a verified copy of every kiosk's ledger, and what follows from it. Imports nothing of the kiosk; they meet in contracts/city-v1.json."""

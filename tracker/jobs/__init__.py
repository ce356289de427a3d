"""What the clock rings for. Running any of them twice, late or side by side is harmless: the database decides."""

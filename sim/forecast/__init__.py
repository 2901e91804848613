"""What the record says of a scenario's settings, and what the odds were on each date."""

"""What "the truce holds" means, and what runs add up to: estimates, tables, the result."""

"""What is said of results, whatever they are of: which pictures there are (`pictures`)."""

"""Pages that travel: what is read in a browser, made of reports and pictures."""

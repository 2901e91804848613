"""The textbook results that detente must reproduce, and the page that shows that it does."""

"""What is filled in on the Support pages."""

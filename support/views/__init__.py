"""The Support pages."""

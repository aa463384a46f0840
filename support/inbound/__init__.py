"""Mail that comes in: pure reading of one raw message."""

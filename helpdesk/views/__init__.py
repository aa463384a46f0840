"""Pages of the helpdesk."""

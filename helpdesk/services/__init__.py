"""What is written about the helpdesk."""

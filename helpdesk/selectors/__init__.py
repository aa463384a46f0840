"""Reads of the helpdesk, shaped for a screen."""

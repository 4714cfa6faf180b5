"""Mails: what a mail says, as text and as HTML."""

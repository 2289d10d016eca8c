"""Puts the hand-over sheet on paper: an HTML page that needs nothing else, and Markdown."""

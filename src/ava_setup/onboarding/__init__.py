"""What setting up a line means. Knows no widget and no HTTP."""

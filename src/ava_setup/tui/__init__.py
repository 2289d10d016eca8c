"""The wizard on the terminal: screens that show state and post what the person did."""

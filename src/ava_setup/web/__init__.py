"""Shows the wizard in a browser of this computer: for a demo, to one person, from one link."""

"""The pictures in `screenshots/`: what they show, how they are drawn, and when they are stale."""

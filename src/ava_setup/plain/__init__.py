"""The set-up as lines: one question after another. A driver of the same engine."""

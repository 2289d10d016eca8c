"""Without a screen: answer files, fleets, and answers for programs. A driver of the same engine."""

"""What every face of the set-up shares: the worlds it opens, and the sentences it says."""

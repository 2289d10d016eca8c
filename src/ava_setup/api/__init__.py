"""The import of a number over HTTP, for AVA's own services. A driver of the same engine."""

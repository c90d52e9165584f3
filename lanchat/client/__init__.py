"""The terminal client: it speaks the JSON door."""

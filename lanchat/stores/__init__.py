"""Where events get their order, their number and their place."""

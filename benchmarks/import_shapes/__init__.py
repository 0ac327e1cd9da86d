"""Which tools survive which import shapes: the shapes, the tools, and the judge."""

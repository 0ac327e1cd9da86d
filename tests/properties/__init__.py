"""Random programs before and after."""

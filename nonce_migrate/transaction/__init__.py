"""Many files changed together: all of them or none, and back again."""

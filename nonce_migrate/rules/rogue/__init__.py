"""Nonces that are made without a manager: what makes them, where they reach, what replaces them."""

"""Decides what becomes of each reference: findings and intents, never text."""

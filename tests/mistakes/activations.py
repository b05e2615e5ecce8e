"""Implementations of the exercises of 04-activations."""

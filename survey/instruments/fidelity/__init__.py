"""Fidelity models: which features of a method are looked at, by which evidence, and what counts as enough."""

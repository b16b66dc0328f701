"""Signing in, past the name and password: the second step, passkeys, codes, and an organisation's own sign-in."""

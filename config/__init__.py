"""Typed settings and the few words that every package shares. Imports none of ours."""

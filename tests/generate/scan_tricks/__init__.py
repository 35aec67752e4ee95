"""Attacks, one module for each place where they hide.

Each module has `files()`, which yields `(name, technique, reference, expected, content)`: the name below the module's
folder, how it works, where it was published, the verdict that is due (`malicious` or `suspicious`), and its bytes; or,
for a folder, a map from relative path to bytes. Payloads do no harm: `true`, a file below /nonexistent, the address
203.0.113.1 that nobody has. All of it is written by hand, so that no library corrects what is meant to be wrong.
"""

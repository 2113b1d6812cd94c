"""The checks behind tests/test_architecture.py: each is a function from a project's tree to its breaches."""

"""The commands of ``gridseat``, a module for each; only the one that is called is imported."""

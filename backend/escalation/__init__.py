"""Escalation 提级: the due table, its sweep, its auditor, and the words for what comes next."""

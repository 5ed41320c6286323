"""The one door for screens and the command line, a module for each subject.

Queries give plain rows, commands give an `Outcome`. Every call takes the `Desk`: who asks, of which store, by which
clock. Importing this package loads no database: a screen may name a row's type before the store is open.
"""

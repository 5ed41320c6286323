"""The HTTP side: what instruments and other programs send to this store, each with its key."""

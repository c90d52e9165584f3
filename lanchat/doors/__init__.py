"""The doors: bytes in, calls on the hub; events in, bytes out.  No door knows another, nor a store."""

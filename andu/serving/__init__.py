"""How requests reach the screens: whole, and only so many at a time. Used by gunicorn.conf.py alone.

``worker`` is the process gunicorn starts, ``front`` reads and writes all connections of it in one loop, so
that nobody who is slow keeps a thread; ``incoming`` is one request on its way in, ``uploads`` the room there
is for large ones.
"""

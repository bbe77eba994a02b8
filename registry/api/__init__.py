"""The HTTP API for programs: what operators do in the admin, as JSON under a token.

`api` puts it together with django-ninja; there is a router for each noun. Only `registry.urls` imports `api`, so
that processes without addresses do without ninja.
"""

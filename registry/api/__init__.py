"""The HTTP API for programs: what operators do in the admin, as JSON under a token.

`endpoints` is the table of what there is; from it come the addresses, the checks of `dispatch` and the
description of `openapi`.
"""

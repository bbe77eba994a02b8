"""Which language somebody is spoken to in: languages there are, choosing one, a request's, a wearer's."""

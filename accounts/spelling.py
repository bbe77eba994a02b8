"""One spelling for what keyboards and browsers spell in several ways."""

import unicodedata

import idna


def spell_password(typed: str) -> str:
    """NFKC, as NIST SP 800-63B asks for before hashing: a letter and its accent may come as one sign or as two."""
    return unicodedata.normalize("NFKC", typed)


def spell_email(email: str) -> str:
    """With its domain in letters, where a browser may have sent the ASCII form (IDNA 2008, mapped by UTS 46).

    What is no such domain stays as it is.
    """
    name, at, domain = unicodedata.normalize("NFC", email).rpartition("@")
    try:
        known = idna.decode(idna.encode(domain, uts46=True))
    except idna.IDNAError:
        return email
    return f"{name}{at}{known}"

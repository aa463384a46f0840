"""Why keys are not to be had. No message holds a key, a wrapped key or a text."""


class KeysetRefused(Exception):
    """A keyset is damaged, of the wrong kind, or another school's."""


class KeysDestroyed(KeysetRefused):
    """The school's keysets were destroyed: nothing that they sealed opens again."""


class KeysetFull(Exception):
    """Another key would make the keyset larger than KMS wraps; nothing was changed."""


class KeysUnavailable(Exception):
    """The service that unwraps keysets is down or says no for now."""

"""What the site's builder says when it cannot go on."""


class SiteError(Exception):
    """Something that the site needs is missing or is not what it should be; the message says what to do."""

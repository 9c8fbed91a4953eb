"""A contact's address as the office may read it: an email and a telephone in full, of anything else no secret."""

from models.telephone import phone_shown


def address_shown(url: str) -> str:
    """ "hoa@vinh.gov.vn", "0987 654 321"; an Apprise URL without what is secret in it."""
    scheme, _, target = url.partition("://")
    if scheme == "mailto":
        return target
    if scheme == "zns":
        return phone_shown(target)
    if scheme == "zbot":
        return url
    from channels.apprise_channel import shown  # rarely needed, and it may load Apprise

    return shown(url)

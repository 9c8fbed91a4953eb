"""When two written names are one name, and which kind of unit a name says it is."""

import re
import unicodedata

# Kind words as the law writes them at the head of a full name. Longer words first: "Thành phố" before "Thành".
KINDS = ("thị trấn", "thị xã", "thành phố", "đặc khu", "phường", "huyện", "quận", "tỉnh", "xã")
CITY_PROVINCE = "thành phố trực thuộc trung ương"

# The two accepted placements of the tone mark (Hòa/Hoà, Thủy/Thuỷ), each old form with its new form.
_TONE = dict(
    zip(
        ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"],
        ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"],
        strict=True,
    )
)


def tidy(text: str) -> str:
    """NFC, single spaces, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def split_kind(full_name: str) -> tuple[str, str]:
    """('thị xã', 'Mường Lay') from 'Thị Xã Mường Lay'; ValueError when no kind word leads the name."""
    name = tidy(full_name)
    for kind in KINDS:
        if name.casefold().startswith(kind + " "):
            return kind, name[len(kind) + 1 :]
    raise ValueError(f"no kind word at the head of {full_name!r}")


def official(full_name: str) -> str:
    """The full name with its kind word written as the law writes it: 'Thị Xã X' becomes 'Thị xã X'."""
    kind, rest = split_kind(full_name)
    return f"{kind.capitalize()} {rest}"


def same_name(one: str, other: str) -> bool:
    """Whether both spell the same letters.

    Tone placement, case, spaces, hyphens, apostrophes, the zero in 'Phường 05' and the abbreviation NT (nông trường)
    are habits of writing. Every other diacritic is a letter: 'Căm Muộn' and 'Cắm Muộn' are left for a person to judge.
    """
    return _letters(one) == _letters(other)


def slug(text: str) -> str:
    """'Sở Nội vụ' -> 'so-noi-vu'."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _letters(name: str) -> str:
    text = tidy(name).casefold()
    text = re.sub(r"\b(nt|n\.t)(?= )", "nông trường", text)
    for old, new in _TONE.items():
        text = text.replace(old, new)
    text = re.sub(r"\b0+(?=\d)", "", text)
    return "".join(c for c in text if c.isalnum())

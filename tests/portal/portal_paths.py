"""Every kind of page, by its address."""

PLAN = "/ke-hoach/nghe-an-2023"
PAGES = (
    "/",
    "/?as_of=2023-11-28",
    PLAN,
    f"{PLAN}?as_of=2023-11-28&trang-thai=overdue",
    f"{PLAN}/nhiem-vu/bao-cao-nam/2023?as_of=2023-12-05",
    f"{PLAN}/nhiem-vu/kiem-tra-don-doc/-",
    f"{PLAN}/don-vi/g1:412?as_of=2023-12-05",
    f"{PLAN}/don-vi/b:40.so-noi-vu",
    f"{PLAN}/thu-nhac?as_of=2023-11-28",
    "/gui-tin",
)

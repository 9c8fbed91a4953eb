"""What the portal refuses, how it says so, and what its pages may load."""

import re

import pytest
from portal_paths import PAGES, PLAN

from models.database import connect
from portal.render import HERE


@pytest.mark.parametrize("path", PAGES)
def test_pages_load_nothing_from_outside(portal, path):
    got = portal.get(path)
    assert got.status_code == 200 and got.headers["content-type"] == "text/html; charset=utf-8"
    assert got.headers["content-security-policy"].startswith("default-src 'self';")
    assert got.headers["x-content-type-options"] == "nosniff"
    assert '<html lang="vi">' in got.text and not re.search(r"<style|<script|\sstyle=|\son\w+=", got.text)
    for link in re.findall(r'\b(?:src|href|action)="([^"]*)"', got.text):
        assert (
            link.startswith(("/", "#", "?")) or link in ("http://127.0.0.1:4200", "http://127.0.0.1:8025") or not link
        )
    for link in re.findall(r'<(?:img|iframe|script|link)\b[^>]*\b(?:src|href)="([^"]*)"', got.text):
        assert link.startswith("/"), link


def test_the_style_sheet_loads_nothing(portal):
    got = portal.get("/static/portal.css")
    assert got.status_code == 200 and not re.search(r"url\(|@import", got.text)
    assert portal.get("/static/portal.svg").status_code == 200
    assert [path.name for path in (HERE / "static").glob("*.css")] == ["portal.css"]


@pytest.mark.parametrize("path", [*PAGES, "/khong-co"])
def test_simulated_data_is_labelled_on_every_page(home, open_portal, path):
    assert (
        '<div class="simulated" role="note">DỮ LIỆU MÔ PHỎNG</div>' in open_portal(home, simulated=True).get(path).text
    )
    assert "DỮ LIỆU MÔ PHỎNG" not in open_portal(home).get(path).text


def test_mail_that_goes_nowhere_is_said(home, open_portal):
    assert "không tin nào rời khỏi máy này" in open_portal(home).get("/").text
    assert "không thư nào rời" not in open_portal(home, smtp_url="smtp://mail.example:25").get("/").text


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/?as_of=hom-qua", 400, "Ngày «hom-qua» không đúng. Ghi năm-tháng-ngày, ví dụ 2023-11-28."),
        ("/?as_of=2023-02-30", 400, "không đúng"),
        ("/?as_of=20231128", 400, "không đúng"),
        ("/?as_of=%C2%B2023-11-28", 400, "không đúng"),
        ("/?as_of=2024-02-02", 400, "Ngày 02/02/2024 chưa đến (hôm nay là 01/02/2024)"),
        ("/?as_of=<script>alert(1)</script>", 400, "&lt;script&gt;"),
        (f"{PLAN}?trang-thai=xanh", 400, "Không có trạng thái «xanh»"),
        ("/ke-hoach/nghe-an-2024", 404, "Không có kế hoạch «nghe-an-2024». Gần nhất: nghe-an-2023."),
        (f"{PLAN}/nhiem-vu/bao-cao/2023", 404, "Không có nhiệm vụ «bao-cao». Gần nhất: bao-cao-nam"),
        (f"{PLAN}/nhiem-vu/bao-cao-nam/2040", 404, "Không có kỳ của nhiệm vụ này «2040»"),
        (f"{PLAN}/nhiem-vu/nghi-quyet-hdnd/-", 404, "Không có kỳ của nhiệm vụ này «-»."),
        (f"{PLAN}/don-vi/g1:4120", 404, "Không có đơn vị «g1:4120». Gần nhất: g1:"),
        (f"{PLAN}/don-vi/%3Cb%3E", 404, "«&lt;b&gt;»"),
        (f"{PLAN}/don-vi/g1:412?as_of=hom-qua", 400, "không đúng"),
        ("/ke-hoach/nghe-an-2024/don-vi/g1:412", 404, "Gần nhất: nghe-an-2023."),
        (f"{PLAN}/thu-nhac?ngay=mai", 400, "Ngày «mai» không đúng"),
        (f"{PLAN}/thu-nhac?ngay=2099-01-01", 400, "ở quá xa"),
        (f"{PLAN}/thu-nhac?as_of=2023-11-28&ngay=2023-11-30&nhan=x", 404, "không có thư nào cho người nhận «x»"),
        ("/khong-co", 404, "Không có trang này"),
        ("/ke-hoach/%3Cb%3E", 404, "«&lt;b&gt;»"),
    ],
)
def test_refusals_are_told_in_vietnamese(portal, path, status, said):
    got = portal.get(path)
    assert got.status_code == status and said in got.text and "<script" not in got.text
    assert got.headers["content-security-policy"].startswith("default-src 'self'")
    assert '<a class="button quiet" href="/">Về trang đầu</a>' in got.text


def test_the_earliest_days_can_be_asked_for(portal):
    assert portal.get("/?as_of=0001-01-01").status_code == 200
    assert portal.get("/?as_of=2024-02-01").status_code == 200


def test_reading_only(portal):
    assert portal.post("/").status_code == 405 and "chỉ để xem" in portal.post("/").text


def test_without_a_database_it_says_what_to_run(tmp_path, open_portal):
    portal = open_portal(tmp_path / "chua-co")
    got = portal.get("/")
    assert got.status_code == 503 and "Chạy «dondoc init» trước" in got.text
    assert portal.get("/health").status_code == 503 and portal.get("/static/portal.css").status_code == 200
    assert not (tmp_path / "chua-co").exists()


def test_an_empty_or_broken_database_is_told(tmp_path, open_portal):
    with connect(f"sqlite:///{tmp_path / 'dondoc.sqlite'}").connect():
        pass
    assert "chưa được khởi tạo" in open_portal(tmp_path).get("/").text
    other = tmp_path / "hong"
    other.mkdir()
    (other / "dondoc.sqlite").write_text("không phải SQLite " * 100, "utf-8")
    got = open_portal(other).get("/")
    assert got.status_code == 503 and "bị hỏng" in got.text and "Traceback" not in got.text
    assert open_portal(other).get("/health").status_code == 503


def test_health(portal):
    assert portal.get("/health").json() == {"status": "ok"}


def test_a_fault_of_ours_shows_no_insides(portal, monkeypatch):
    def fails(*_args, **_named):
        raise RuntimeError("bí mật")

    monkeypatch.setattr("portal.pages.rows", fails)
    got = portal.get("/")
    assert got.status_code == 500 and "Chương trình gặp lỗi" in got.text and "bí mật" not in got.text
    assert got.headers["content-security-policy"].startswith("default-src 'self'")


def test_only_this_machine_by_name_is_answered(portal):
    for host, status in (("localhost:8080", 200), ("127.0.0.1", 200), ("evil.example", 400)):
        assert portal.get("/health", headers={"host": host}).status_code == status


def test_the_module_for_uvicorn_reads_the_environment(home, monkeypatch):
    import importlib

    monkeypatch.setenv("DONDOC_HOME", str(home))
    monkeypatch.delenv("DONDOC_DATABASE_URL", raising=False)
    from fastapi.testclient import TestClient

    import portal.app

    app = importlib.reload(portal.app).app
    assert TestClient(app, base_url="http://localhost").get("/health").status_code == 200


def _channel(value):
    return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4


def _light(colour):
    text = colour.lstrip("#")
    text = "".join(c * 2 for c in text) if len(text) == 3 else text
    red, green, blue = (_channel(int(text[i : i + 2], 16) / 255) for i in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((_light(one), _light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_is_readable_in_light_and_dark():
    css = (HERE / "static" / "portal.css").read_text("utf-8")
    light, dark = (
        dict(re.findall(r"--([a-z-]+): (#\w+)", part)) for part in css.split("@media print")[0].split("@media screen")
    )
    for palette in (light, light | {name: dark[name] for name in light.keys() & dark.keys()}):
        pairs = [
            ("ink", "page"),
            ("ink", "sheet"),
            ("soft", "page"),
            ("soft", "sheet"),
            ("link", "page"),
            ("link", "sheet"),
        ]
        pairs += [(f"{name}-ink", f"{name}-bg") for name in ("red", "amber", "green", "blue", "grey")]
        pairs += [("warn-ink", "warn"), ("red-ink", "sheet"), ("amber-ink", "sheet")]
        for ink, ground in pairs:
            assert contrast(palette[ink], palette[ground]) >= 4.5, (ink, ground)
        for name in ("red", "amber", "green", "blue"):
            assert contrast(palette[name], palette["sheet"]) >= 3, name
        assert contrast("#ffffff", palette["accent"]) >= 4.5

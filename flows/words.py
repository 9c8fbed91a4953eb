"""The Vietnamese words of the flows: names of runs and states, and what `dondoc up` says."""

from collections.abc import Mapping
from datetime import datetime

from models.words import STATE_SHOWN
from schedules.zone import local
from tasks.deliver import Delivered
from tasks.publish import headline
from tasks.sweep import SweepResult

OVERDUE = STATE_SHOWN["overdue"]

DAILY = "ra-soat-hang-ngay"
"""The name of each plan's deployment; prefect.yaml says the same."""

SWEEP, DELIVER, PUBLISH, CALENDAR = "Rà soát", "Gửi thông báo", "Công bố kết quả", "Lịch các mốc sắp tới"
PUBLISHED = "Đã công bố"
QUIET_HOURS = "Ngoài giờ gửi (07:00–20:00, ngày làm việc)"
SWEEPS_AWAITED = "Chờ các kế hoạch khác rà soát xong để gửi chung một tin"
NOT_SENT = "Không gửi được thông báo"
FUTURE = "Thời điểm {at:%H:%M ngày %d/%m/%Y} chưa tới: hệ thống đã vận hành thật nên không rà soát trước."
REST_TITLE = "Các đơn vị khác trong đợt rà soát"
REST_COLUMNS = ("Đơn vị", "Trạng thái", "Việc đã làm")
NOBODY = "Không có"

AT_START = "Rà soát khi khởi động"
MISSED = "Bỏ lỡ"
MISSED_WHY = "Hệ thống không chạy vào lúc này; đợt rà soát khi khởi động lại làm thay toàn bộ phần việc."
BROKEN_OFF = "Bị ngắt"
BROKEN_OFF_WHY = "Hệ thống bị dừng giữa chừng; đợt rà soát khi khởi động lại làm tiếp phần còn lại."
POOL_ABOUT = "Nơi các đợt rà soát chạy trên máy này"


def run_name(at: datetime) -> str:
    """Rà soát 07:30 ngày 22/11/2026"""
    return f"{SWEEP} {local(at):%H:%M ngày %d/%m/%Y}"


def swept(result: SweepResult) -> str:
    """What a sweep did, as the name of its state."""
    parts = [f"{count} {word}" for count, word in _doings(result) if count]
    return ", ".join(parts) or "Không có việc mới"


def _doings(result: SweepResult) -> tuple[tuple[int, str], ...]:
    return (
        (result.opened, "việc được giao"),
        (result.reminded, "nhắc việc"),
        (result.escalated, "báo cáo lên cấp trên"),
    )


def delivered(done: Delivered | str) -> str:
    """What became of the digests, as the name of a state; or why none was sent now."""
    if isinstance(done, str):
        return done
    parts = [f"{count} {word}" for count, word in ((done.sent, "thư đã gửi"), *_troubles(done)) if count]
    return ", ".join(parts) or "Không có thư cần gửi"


def _troubles(done: Delivered) -> tuple[tuple[int, str], ...]:
    return (
        (done.failed, "thư bị từ chối"),
        (done.waiting, "thư chờ gửi lại"),
        (done.undeliverable, "thông báo chưa có địa chỉ nhận"),
    )


def outcome(result: SweepResult, done: Delivered | str | None) -> str:
    """A run's state for people: "9/60 quá hạn · 2 thư chờ gửi lại"."""
    total = {"expected": result.expected, "overdue": result.overdue, "due_soon": result.due_soon}
    troubles = [f"{count} {word}" for count, word in (_troubles(done) if isinstance(done, Delivered) else ()) if count]
    return " · ".join([headline(total), *troubles])


def kept(made: int, dropped: int) -> str:
    """What became of the milestone runs."""
    return f"Thêm {made}, bỏ {dropped} mốc" if made or dropped else "Không đổi"


# What `dondoc up` says.

STARTING = "Đang khởi động (lần đầu mất khoảng 20 giây)…"
DEPLOYING = "Đang đăng ký các kế hoạch và lịch của chúng…"
STOPPING = "Đang dừng…"
STOPPED = "Đã dừng."
READY = """
Hệ thống đôn đốc đang chạy:
  Prefect (lịch, các đợt rà soát)    {prefect}
  Cổng đôn đốc                       {portal}
  {channels}
Dữ liệu: {home}
Nhật ký: {logs}
{banner}Nhấn Ctrl-C để dừng."""
NOTHING_LEAVES = """
████████████████████████████████████████████████████████████████████████
██  CHƯA CẤU HÌNH KÊNH GỬI THẬT: KHÔNG TIN NÀO RỜI KHỎI MÁY NÀY       ██
██  Thư vào hộp thư thử nghiệm, tin Zalo vào Zalo giả lập.            ██
██  Đặt DONDOC_SMTP_URL, DONDOC_ZALO_… rồi chạy lại để gửi thật.      ██
████████████████████████████████████████████████████████████████████████
"""
MAILBOX_LINE = "Hộp thư thử nghiệm                 {url}"
MAIL_SERVER_LINE = "Thư gửi qua máy chủ thật           {server}"
NO_MAIL_LINE = "Thư điện tử                        chưa cấu hình (DONDOC_SMTP_URL)"
STANDIN_LINE = "Zalo giả lập                       {url}"
ZALO_LINE = "Zalo thật                          ứng dụng {app}"
NO_ZALO_LINE = "Zalo                               chưa cấu hình (DONDOC_ZALO_APP_ID…)"

NAMES: Mapping[str, str] = {
    "prefect": "máy chủ Prefect",
    "worker": "máy chạy rà soát",
    "dispatcher": "bộ gửi tin",
    "portal": "cổng đôn đốc",
    "mailbox": "hộp thư thử nghiệm",
    "zalo": "Zalo giả lập",
    "deploy": "bước đăng ký kế hoạch",
}
SMTP_PORT = "nhận thư của hộp thư thử nghiệm"
SIMULATED_SUFFIX = "DỮ LIỆU MÔ PHỎNG"
REHEARSING = "Đang chạy lại một năm với câu trả lời mô phỏng (khoảng một phút)…"
PORT_TAKEN = (
    "Cổng {port} cho {what} đang bị chương trình khác dùng. Đóng chương trình đó, hoặc chọn cổng khác bằng {setting}, "
    "ví dụ: {setting}={other} dondoc up"
)
PORT_REFUSED = (
    "Không mở được cổng {port} cho {what}: {error}. Chọn cổng khác bằng {setting}, ví dụ: {setting}={other} dondoc up"
)
PORT_TWICE = "{setting}={port} trùng với {first}={port}. Mỗi dịch vụ cần một cổng riêng; sửa một trong hai."
ALREADY_UP = (
    "Hệ thống trên {home} đang chạy (tiến trình {pid}). Dừng nó trước (Ctrl-C ở cửa sổ đó), "
    "hoặc đặt DONDOC_HOME sang thư mục khác để chạy thêm một hệ thống."
)
CHILD_ENDED = "{what} đã dừng ngoài dự kiến (mã thoát {code}). Cuối nhật ký {log}:\n{tail}"
CHILD_SLOW = "{what} chưa sẵn sàng sau {seconds} giây. Cuối nhật ký {log}:\n{tail}"
EMPTY_LOG = "(nhật ký trống)"

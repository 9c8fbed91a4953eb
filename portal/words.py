"""Vietnamese words of the portal that do not stand in a template."""

from collections.abc import Mapping
from types import MappingProxyType

from models.words import NOTICE_STATE_SHOWN

NAME = "Cổng đôn đốc"
EXPECTED = "expected"
EXPECTED_SHOWN = "Phải báo cáo"
NO_DUE = "không ấn định"
NOTICE_STATE = {state: shown for state, shown in NOTICE_STATE_SHOWN.items() if state != "skipped"}
"""A notice's state in words; what was skipped was never said and is left out."""

DUE_MARK: Mapping[str, str] = MappingProxyType(
    {
        "extended": "gia hạn",
        "corrected": "sửa hạn",
        "amended": "đổi hạn theo kế hoạch sửa đổi",
        "recounted": "tính lại theo lịch mới",
    }
)
"""What was decided about a due date, as it stands beside it."""
KEPT_MARK = "giữ hạn đã giao"
WITHDRAWN_SHOWN = "Đã rút từ ngày {on}: {why}"
WAIVED_SHOWN = "Không áp dụng từ ngày {on}: {why}"
NOT_ASKED = "Kế hoạch hoặc danh sách đơn vị hiện hành không còn giao việc này"
DECIDED_BY = "Người quyết định: {name}"
REPORTED_BY = "Người nộp: {name}"
RECORDED_BY = "Ghi nhận: {name}"
ACTOR_SHOWN: Mapping[str, str] = MappingProxyType(
    {"engine": "hệ thống", "office": "văn phòng", "admin": "quản trị", "simulation": "mô phỏng"}
)
"""Who entered a fact, where no person is named."""
NOTICE_SHOWN = "{step}, gửi {to}: {state}"

TITLES: Mapping[int, str] = MappingProxyType(
    {
        400: "Yêu cầu chưa đúng",
        404: "Không tìm thấy",
        405: "Không làm được ở đây",
        500: "Có lỗi trong chương trình",
        503: "Cổng chưa sẵn sàng",
    }
)
OTHER_TITLE = "Không thực hiện được"
NO_SUCH_PAGE = "Không có trang này. Kiểm tra lại địa chỉ, hoặc bắt đầu từ trang đầu."
READ_ONLY = "Trang này chỉ để xem."
BROKEN = (
    "Chương trình gặp lỗi khi lập trang này; không có dữ liệu nào thay đổi. Chi tiết nằm trong nhật ký của máy chủ."
)
UNREADABLE = (
    "Không đọc được cơ sở dữ liệu; không có gì thay đổi. "
    "Kiểm tra DONDOC_HOME, DONDOC_DATABASE_URL và quyền đọc tệp rồi tải lại trang."
)
BAD_DAY = "Ngày «{text}» không đúng. Ghi năm-tháng-ngày, ví dụ 2023-11-28."
FUTURE_DAY = "Ngày {day} chưa đến (hôm nay là {today}). Trang này xem lại được hôm nay và các ngày đã qua."
TOO_FAR = "Ngày {day} ở quá xa. Chỉ xem trước được đến hết ngày {last}."
UNKNOWN_STATE = "trạng thái"
UNKNOWN_PLAN = "kế hoạch"
NO_UNIT = "{said} Đơn vị ghi bằng khóa, ví dụ g1:412 hoặc b:40.so-noi-vu."
UNKNOWN_DUTY = "nhiệm vụ"
UNKNOWN_PERIOD = "kỳ của nhiệm vụ này"
NO_SUCH_LETTER = "Ngày {day} không có thư nào cho người nhận «{to}». Chọn lại trong danh sách thư của ngày đó."

# The pages behind the links in messages (portal/links.py)
LINK_TITLE = "Việc của đơn vị"
LINK_SENT = "{step}, gửi {to}"
LINK_FORGED_TITLE = "Đường dẫn không đúng"
LINK_FORGED = (
    "Đường dẫn này không phải do hệ thống lập, hoặc đã bị cắt mất một phần. "
    "Mở lại thông báo và bấm vào nút, hoặc chép trọn địa chỉ ở cuối thông báo."
)
LINK_OLD_TITLE = "Đường dẫn đã hết hạn"
LINK_OLD = "Đường dẫn này đã quá 400 ngày. Mở đường dẫn trong thông báo mới nhất mà đơn vị đã nhận."
LINK_GONE_TITLE = "Không còn việc nào"
LINK_GONE = "Không còn kế hoạch nào giao việc cho đơn vị mà đường dẫn này được lập cho."
STOP_TITLE = "Không nhận bản gửi để biết nữa"
STOP_GONE_TITLE = "Không còn trong danh sách"
STOP_GONE = "Đầu mối này không còn trong danh sách nhận thông báo, nên không có gì được gửi tới nữa."
STOPPED_TITLE = "Đã dừng bản gửi để biết"
STOPPED = (
    "Từ nay hệ thống không gửi cho quý vị các bản chỉ để biết. Nhiệm vụ giao cho chính đơn vị vẫn được thông báo. "
    "Muốn nhận lại, báo cho cơ quan gửi thông báo."
)
LATE_DAYS = "quá hạn {days} ngày làm việc"
DAYS_LEFT = "còn {days} ngày"
LAST_DAY = "hôm nay là ngày cuối"
NOT_HERE = "Trang này không mở được từ địa chỉ công khai."

# The page about sending (portal/post.py)
POST_ABOUT = "Số {id}: {title}, {period}, {unit} ({step})"

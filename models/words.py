"""The words that people see about plans, duties and their state. Vietnamese, administrative style."""

STATE_SHOWN = {
    "not_open": "Chưa đến kỳ",
    "pending": "Chưa báo cáo",
    "due_soon": "Sắp đến hạn",
    "overdue": "Quá hạn",
    "submitted": "Chờ duyệt",
    "returned": "Trả lại",
    "done": "Hoàn thành đúng hạn",
    "done_late": "Hoàn thành muộn",
    "waived": "Không áp dụng",
    "no_term": "Không ấn định thời hạn",
    "paused": "Tạm dừng",
    "withdrawn": "Đã rút",
    "transferred": "Đã chuyển giao",
    "undecided": "Chờ phân định",
}
"""Glossary state → what people read, in the order in which columns stand."""

CONTINUOUS_SHOWN = "Thường xuyên"
BEFORE_LIVE = "trước khi vận hành"
NOBODY_YET = "chưa có danh sách đơn vị"
UNCONFIRMED = "chưa xác nhận"
PROVINCE_LEVEL = "Cấp tỉnh"

ROLE_SHOWN = {
    "focal_point": "Đầu mối",
    "head": "Người đứng đầu",
    "deputy_head": "Cấp phó của người đứng đầu",
    "records": "Văn thư",
    "standing_office": "Cơ quan Thường trực Ban Chỉ đạo",
    "chair": "Chủ tịch UBND tỉnh",
}

LEVEL_SHOWN = {
    "province": "tỉnh",
    "district": "huyện",
    "commune": "xã",
    "department": "sở, ban, ngành",
    "party_body": "cơ quan Đảng",
    "organisation": "tổ chức",
    "public_unit": "đơn vị sự nghiệp, trực thuộc",
    "enterprise": "doanh nghiệp",
}

SKIPPED_SUPERSEDED = "đã có bước mới hơn"
SKIPPED_BEFORE_LIVE = "trước khi vận hành"
SKIPPED_CLOSED = "đã hoàn thành, miễn hoặc chuyển giao trước khi rà soát"
SKIPPED_DUE = "đã đến hạn, nhắc trước hạn không còn ích"
CANCELLED_CLOSED = "đơn vị không còn nợ nhiệm vụ này khi đến lượt gửi"
CANCELLED_ENDED = "đơn vị nhận đã kết thúc khi đến lượt gửi"
UNDELIVERABLE = "đơn vị chưa có địa chỉ nhận"
NO_CONTACT = "chưa có đầu mối"
ONLY_GIVEN_UP = "mọi địa chỉ đã ngừng dùng ({why})"
ONLY_CLOSED_CHANNELS = "chỉ có địa chỉ qua kênh chưa được cấu hình ({channels})"
SKIPPED_MOVED = "thời hạn đã thay đổi"
SKIPPED_PAUSED = "nhiệm vụ đang tạm dừng"
SKIPPED_NO_COPIES = "người nhận không nhận bản gửi để biết"
CANCELLED_MOVED = "thời hạn đã thay đổi khi đến lượt gửi"

UNTIL_END_OF = "hết ngày {day}"
NO_DUE_ANY_MORE = "không ấn định ngày"
FROZEN_SHOWN = "Hạn đã ấn định khi giao việc được giữ nguyên: {due}"
FROZEN_ARTICLE = "Giao việc đã ghi trong nhật ký"
LEDGER_ARTICLE = "Nhật ký, mục {seq}"
VERSIONS_ARTICLE = "Các phiên bản kế hoạch đã áp dụng"
KEPT_SHOWN = "Hạn đã quyết định riêng muộn hơn nên được giữ: {due}"
OPENS_SHOWN = "Ngày bắt đầu sửa thành {opens} (ngày {on}): {why}"
CHANGE_SHOWN = {
    "extended": "Gia hạn đến {due} (quyết định ngày {on}): {why}",
    "corrected": "Sửa ngày đến hạn thành {due} (ngày {on}): {why}",
    "amended": "Kế hoạch được sửa đổi, hạn mới là {due} (từ ngày {on}): {why}",
    "recounted": "Tính lại theo lịch mới, hạn là {due} (từ ngày {on}): {why}",
    "dropped": "Không còn giao từ ngày {on}: {why}",
    "reinstated": "Giao lại từ ngày {on}, hạn {due}: {why}",
    "paused": "Tạm dừng từ ngày {on}: {why}",
    "resumed": "Tiếp tục từ ngày {on}: {why}",
}
"""What was decided about a running term."""

FACT_SHOWN = {
    "assigned": "Giao việc",
    "submitted": "Nộp báo cáo",
    "waived": "Không áp dụng",
    "transferred": "Chuyển giao",
    "withdrawn": "Rút nhiệm vụ",
}
"""Facts in a unit's history, besides the decisions above."""

NOTICE_STATE_SHOWN = {
    "planned": "chờ gửi",
    "sending": "đang gửi",
    "sent": "đã gửi",
    "dead": "gửi không được",
    "phoned": "đã gọi điện",
    "undeliverable": "chưa có địa chỉ nhận",
    "cancelled": "không gửi nữa",
    "skipped": "bỏ qua",
}

DELIVERY_STATE_SHOWN = {
    "due": "chờ gửi",
    "submitting": "đang gửi",
    "retry": "chờ gửi lại",
    "unknown": "chưa rõ kết quả",
    "accepted": "kênh đã nhận",
    "delivered": "đã tới người nhận",
    "bounced": "bị trả lại",
    "failed": "bị từ chối",
    "dead": "thôi gửi",
    "cancelled": "không gửi nữa",
}
"""The state of one message on its way to one address."""

DID_SHOWN = {
    "submitted": "Đã nộp",
    "waived": "Miễn",
    "extended": "Gia hạn",
    "corrected": "Sửa hạn",
    "paused": "Tạm dừng",
    "resumed": "Tiếp tục",
    "withdrawn": "Rút nhiệm vụ",
}
"""What happened to a unit between two sweeps."""

CALENDAR_MOVED = "lịch ngày làm việc thay đổi"
NOT_ASKED_ANY_MORE = "kế hoạch phiên bản {version} không còn giao nhiệm vụ hoặc kỳ này"
ASKED_AGAIN = "kế hoạch phiên bản {version} lại giao nhiệm vụ này"

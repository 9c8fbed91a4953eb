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

"""What the engine says about its own troubles: Vietnamese, for the standing office and whoever runs the machine."""

TITLES = {
    "late": "Thông báo quá giờ mà chưa gửi được",
    "lease": "Lượt gửi treo quá hạn giữ",
    "unknown": "Lượt gửi không rõ kết quả, chờ người quyết định",
    "dead": "Thông báo gửi không được",
    "addresses": "Địa chỉ đã ngừng dùng",
    "unreachable": "Đơn vị chưa có địa chỉ nhận tin",
    "token": "Quyền gửi Zalo sắp hết hoặc đã mất",
    "channel": "Kênh gửi đang dừng",
    "template": "Mẫu tin Zalo chưa được duyệt",
    "quota": "Hạn mức Zalo trong ngày sắp hết",
    "silent": "Không có bộ gửi tin nào đang chạy",
    "dispatcher": "Một bộ gửi tin đã dừng đột ngột",
}
"""Kind of trouble → the subject of its alarm."""

SUBJECT = "[Cảnh báo] {title}"
BODY = "{text}\n\nThời điểm: {at}. Xem tình hình hiện tại: trang {url}, hoặc lệnh «dondoc watch».\n"
MORE_UNITS = " và {count} đơn vị khác"
FAILING_SINCE = " (gửi không được từ {since})"
NEVER = "chưa từng chạy"
ON_THE_ALARM = "cảnh báo: {title}"
NOT_POSTED = "cảnh báo «{title}» không gửi được tới {shown}: {why}"
NO_WAY = "kênh này chưa được cấu hình"

LATE = (
    "{count} thông báo đã đến giờ gửi quá 1 giờ (tính trong giờ gửi) mà chưa kênh nào nhận; cũ nhất từ {since}. "
    "Nơi nhận: {units}.\nCần làm: xem bộ gửi tin có đang chạy và kênh nào đang dừng; từng thông báo: "
    "«dondoc notices --state planned», rồi «dondoc notices show SỐ»."
)
LEASE = (
    "{count} lượt gửi đã quá hạn giữ mà không ai ghi kết quả; cũ nhất hết hạn lúc {since}.\n"
    "Cần làm: chạy lại «dondoc up» hoặc «dondoc deliver --forever»; bộ gửi tin sẽ tự hỏi lại kết quả của các lượt này."
)
UNKNOWN = (
    "{count} thông báo có thể đã tới hoặc chưa, hệ thống không hỏi được và không tự gửi lại; cũ nhất từ {since}. "
    'Nơi nhận: {units}.\nCần làm: hỏi nơi nhận, rồi «dondoc notices phoned SỐ --by "Tên"» nếu đã nhận, hoặc '
    '«dondoc notices retry SỐ --by "Tên"» nếu chưa. Số của từng thông báo: «dondoc notices --state dead».'
)
STUCK = (
    "{count} lượt gửi không rõ kết quả từ {since}, và không bộ gửi tin nào hỏi lại được.\n"
    "Cần làm: kiểm tra kênh gửi của các lượt này còn được cấu hình không («dondoc channels test …»)."
)
DEAD = (
    "{count} thông báo gửi không được bằng mọi địa chỉ, từ {since}. Nơi nhận: {units}.\n"
    'Cần làm: sửa địa chỉ («dondoc contacts import») rồi «dondoc notices retry SỐ --by "Tên"», hoặc gọi điện rồi '
    '«dondoc notices phoned SỐ --by "Tên"». Lý do và số của từng thông báo: «dondoc notices --state dead».'
)
ADDRESSES = (
    "{count} địa chỉ bị trả lại thư và không được dùng nữa, từ {since}: {addresses}.\n"
    "Cần làm: hỏi đơn vị địa chỉ đúng rồi «dondoc contacts import»; địa chỉ vẫn đúng thì «dondoc contacts enable»."
)
ADDRESS = "{unit} ({address}: {why})"
UNREACHABLE = (
    "{count} đơn vị được giao việc hoặc phải nhận báo cáo mà không có ai nhận được tin, tính đến {since}: {units}.\n"
    "Cần làm: bổ sung đầu mối («dondoc contacts import»). Danh sách đầy đủ, kèm lý do: «dondoc contacts missing»."
)
TOKEN_ENDS = (
    "Quyền gửi Zalo (refresh token) hết hạn lúc {until}, còn {days} ngày.\n"
    "Cần làm: xem vì sao token không được làm mới («dondoc channels test zalo»); nếu cần, cấp quyền lại cho ứng dụng "
    "và đặt DONDOC_ZALO_REFRESH_TOKEN mới trước lúc đó. Hết hạn thì tin Zalo chuyển hết sang thư điện tử."
)
TOKEN_OVER = (
    "Quyền gửi Zalo (refresh token) đã hết hạn lúc {until}. Tin Zalo chuyển sang thư điện tử.\n"
    "Cần làm: cấp quyền lại cho ứng dụng rồi đặt DONDOC_ZALO_REFRESH_TOKEN mới."
)
TOKEN_SPENT = (
    "Zalo không nhận refresh token nữa; token đang dùng hết hạn lúc {access}. Tin Zalo chuyển sang thư điện tử.\n"
    "Cần làm: cấp quyền lại cho ứng dụng rồi đặt DONDOC_ZALO_REFRESH_TOKEN mới."
)
TOKEN_LOST = (
    "Một lần làm mới token Zalo không có câu trả lời, có thể refresh token đã mất; token đang dùng hết hạn lúc "
    "{access}.\nCần làm: «dondoc channels test zalo»; nếu báo sai thì cấp quyền lại cho ứng dụng."
)
CHANNEL = "Kênh {channel} đang dừng đến {until}{since}: {why} {meanwhile}\nCần làm: «dondoc channels test {test}»."
ELSEWHERE = "Trong lúc đó tin đi qua địa chỉ tiếp theo của từng người."
WAITS = "Trong lúc đó tin chờ, hệ thống tự thử lại."
TEMPLATE = (
    "Mẫu tin Zalo {id} cho loại tin «{purpose}» chưa dùng được ({status}), theo lần hỏi lúc {since}.\n"
    "Cần làm: chờ hoặc hỏi Zalo, rồi «dondoc channels template set --purpose {key} --id {id}»."
)
QUOTA = (
    "Kênh {channel} hôm nay chỉ còn {left} trên {daily} tin (lúc {since}).\n"
    "Cần làm: xin Zalo nâng hạn mức nếu việc này lặp lại; khi hết, tin đi qua thư điện tử cho đến sáng mai."
)
SILENT = (
    "Có thông báo đến giờ gửi mà không bộ gửi tin nào báo còn sống; lần cuối: {since}. Không tin nào đang rời đi.\n"
    "Cần làm: chạy «dondoc up» hoặc «dondoc deliver --forever», và xem nhật ký của lần dừng trước."
)
DISPATCHER = (
    "Bộ gửi tin {owner} không báo còn sống từ {since} và không kết thúc bình thường; chưa có bộ nào chạy thay.\n"
    "Cần làm: xem nhật ký của máy đó rồi chạy lại; các lượt đang gửi dở được hỏi lại và không gửi hai lần."
)
TEST_OF = {"email": "email", "zns": "zalo", "zbot": "zalo"}

"""Vietnamese words of the channels that do not stand in a template."""

SIMULATED = "DỮ LIỆU MÔ PHỎNG"
TAG_SIMULATED = f"[{SIMULATED}]"
TAG_URGE = "[Đôn đốc]"
TAG_REMIND = "[Nhắc việc]"
TAG_COPY = "[Để biết]"
NOTHING = "Không có nhiệm vụ quá hạn hoặc sắp đến hạn"
RECKONING = "Cách tính thời hạn"


def counts(*, overdue: int, due: int, units: int, copies: int) -> str:
    """What a subject counts; copies only when there is nothing else to say."""
    parts = []
    if overdue:
        parts.append(f"{overdue} nhiệm vụ quá hạn")
    if due:
        parts.append(f"{due} sắp đến hạn" if overdue else f"{due} nhiệm vụ sắp đến hạn")
    if units:
        parts.append(f"{units} đơn vị quá hạn")
    if copies and not parts:
        parts.append(f"{copies} nhiệm vụ phối hợp")
    return ", ".join(parts) or NOTHING


def reasons(*, overdue: int, due: int, units: int, copies: int) -> list[str]:
    """Why this unit gets this message."""
    found = []
    if overdue and due:
        found.append(f"được giao {overdue + due} nhiệm vụ chưa báo cáo ({overdue} quá hạn, {due} sắp đến hạn)")
    elif overdue:
        found.append(f"được giao {overdue} nhiệm vụ đã quá hạn báo cáo")
    elif due:
        found.append(f"được giao {due} nhiệm vụ sắp đến hạn báo cáo")
    if units:
        found.append(f"theo dõi {units} đơn vị đang quá hạn")
    if copies:
        found.append(f"phối hợp thực hiện {copies} nhiệm vụ (gửi để biết)")
    return found


# channels.email
NOT_ONE_LINE = "{field} có ký tự xuống dòng hoặc ký tự điều khiển, không đưa vào thư được: {value!r}."
NOT_AN_ADDRESS = "{field} không phải là một địa chỉ thư điện tử: {value!r}."
NOT_A_MESSAGE_ID = "Message-ID phải có dạng <chuỗi@tên.miền>, không dấu cách: {value!r}."
DATE_WITHOUT_ZONE = "Ngày gửi của thư phải có múi giờ."

# channels.smtp
SMTP_FORMS = "Cách viết đúng: smtp://máy:25, smtp://tên:mật-khẩu@máy:587?starttls=1, smtps://máy:465."
SMTP_SCHEME = "Địa chỉ máy chủ thư phải bắt đầu bằng smtp:// hoặc smtps://, không phải {scheme!r}. " + SMTP_FORMS
SMTP_NO_HOST = "Địa chỉ máy chủ thư thiếu tên máy. " + SMTP_FORMS
SMTP_PORT = "Cổng của máy chủ thư phải là số từ 1 đến 65535. " + SMTP_FORMS
SMTP_UNREADABLE = "Không đọc được địa chỉ máy chủ thư. " + SMTP_FORMS
SMTP_PATH = "Địa chỉ máy chủ thư có phần thừa sau cổng: {path!r}. " + SMTP_FORMS
SMTP_OPTION = "Tùy chọn {option!r} của máy chủ thư không được biết; chỉ có starttls và ca."
SMTP_STARTTLS = "starttls chỉ nhận 1 hoặc 0, không nhận {value!r}."
SMTPS_STARTTLS = "smtps:// đã mã hóa từ đầu, không dùng cùng starttls=1."
SMTP_HALF_LOGIN = "Địa chỉ máy chủ thư phải có cả tên đăng nhập và mật khẩu, hoặc không có cả hai. " + SMTP_FORMS
SMTP_BARE_PASSWORD = (
    "Mật khẩu sẽ đi qua mạng không mã hóa tới {host}. Thêm ?starttls=1 hoặc dùng smtps:// "
    "(chỉ máy này, 127.0.0.1, được miễn)."
)
SMTP_CA = "Không đọc được tệp chứng thư CA {path!r}: {error}."

NOT_CONNECTED = "Không kết nối được máy chủ thư {server}: {error}"
LOGIN_REFUSED = "Máy chủ thư {server} từ chối đăng nhập: {code} {text}"
LOST_BEFORE_DATA = "Mất kết nối với máy chủ thư trước khi gửi nội dung: {error}"
LOST_AFTER_DATA = "Mất kết nối với máy chủ thư sau khi bắt đầu gửi nội dung: {error}"
TIMEOUT_AFTER_DATA = "Máy chủ thư không trả lời sau khi nhận nội dung: {error}"
ODD_REPLY = "Máy chủ thư trả lời không rõ ràng sau khi nhận nội dung: {code} {text}"
NOT_ENCODABLE = "Không chuyển được thư thành dữ liệu để gửi: {error}"
NOT_SENDABLE = "Địa chỉ không gửi được: {address!r}"

# channels.mailbox
MAILBOX_BANNER = "HỘP THƯ PHÁT TRIỂN – không thư nào rời khỏi máy này"
PORT_TAKEN = (
    "Cổng {port} ({what}) đang được chương trình khác sử dụng. "
    "Hãy dừng chương trình đó hoặc chọn cổng khác bằng {option}."
)
PORT_REFUSED = "Không mở được cổng {port} ({what}): {error}. Hãy chọn cổng khác bằng {option}."
FOLDER_REFUSED = "Không dùng được thư mục {folder}: {error}."
MAILBOX_READY = "Hộp thư phát triển: {url}  (SMTP 127.0.0.1:{smtp_port}, thư lưu tại {folder})"
NO_SUBJECT = "(không có tiêu đề)"
MAIL_NOT_FOUND = "Không có thư này trong hộp thư."
PAGE_NOT_FOUND = "Không có trang này."

"""Vietnamese words of the channels that do not stand in a template."""

SIMULATED = "DỮ LIỆU MÔ PHỎNG"
TAG_SIMULATED = f"[{SIMULATED}]"
TAG_URGE = "[Đôn đốc]"
TAG_REMIND = "[Nhắc việc]"
TAG_COPY = "[Để biết]"
NOTHING = "Không có nhiệm vụ quá hạn hoặc sắp đến hạn"
RECKONING = "Cách tính thời hạn"

# The digest's links and its list of units without an address
OPEN_DUTIES = "Xem nhiệm vụ và cách báo cáo"
OPEN_DETAILS = "Xem chi tiết"
STOP_COPIES = "Không nhận bản gửi để biết nữa"


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
NOT_A_WEB_ADDRESS = "Không phải là địa chỉ trang web: {value!r}."
UNSUBSCRIBE_SUBJECT = "Ngừng nhận bản gửi để biết – thông báo {number}"
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
REFUSED_AT_MAIL = "Máy chủ thư không nhận thư từ {sender}: {text}"
ODD_REPLY_BEFORE = "Máy chủ thư trả lời không rõ ràng trước khi gửi nội dung: {text}"
ODD_REPLY = "Máy chủ thư trả lời không rõ ràng sau khi nhận nội dung: {text}"
OUT_OF_TIME = "Hết thời gian của lượt gửi này; thư chưa được gửi và sẽ gửi ở lượt sau."
RELAY_CLOSES = "Máy chủ thư tạm ngừng nhận thư (421 {text}); thư chưa được gửi."
NOT_SEVEN_BIT = "Nội dung thư có ký tự chưa được mã hóa nên không gửi được."
NOT_SENDABLE = "Địa chỉ không gửi được: {address!r}"

# channels.email_check
NO_MAIL_SERVER = "Chưa khai báo máy chủ thư: thư điện tử không được gửi đi."
MEND_NO_MAIL_SERVER = "Đặt DONDOC_SMTP_URL (ví dụ smtp://127.0.0.1:25) và DONDOC_MAIL_FROM."
MAILBOX_IN_USE = (
    "Chưa khai báo máy chủ thư: đang dùng HỘP THƯ PHÁT TRIỂN tại {url}, không thư nào rời khỏi máy này. "
    "Để gửi thật, đặt DONDOC_SMTP_URL và DONDOC_MAIL_FROM."
)
MEND_URL = "Sửa DONDOC_SMTP_URL rồi chạy lại lệnh này."
SENDER_IS_DEFAULT = "Địa chỉ gửi vẫn là địa chỉ mặc định {sender}: máy chủ bên ngoài sẽ không nhận thư."
MEND_SENDER_IS_DEFAULT = "Đặt DONDOC_MAIL_FROM là một địa chỉ thật của cơ quan, ví dụ don-doc@noivu.nghean.gov.vn."
NO_REPLY_TO = "Chưa có địa chỉ nhận trả lời: người nhận bấm trả lời thì thư về {sender}."
MEND_REPLY_TO = "Đặt DONDOC_REPLY_TO là hộp thư có người đọc của Cơ quan Thường trực."
NO_RETURNED_MAIL = "Thư bị trả lại không được đọc: địa chỉ sai sẽ không được phát hiện."
MEND_RETURNED_MAIL = (
    "Cho máy chủ thư bỏ mọi thư gửi tới @{domain} vào một thư mục Maildir, rồi đặt DONDOC_RETURNED_MAIL và "
    "DONDOC_MAIL_DOMAIN (xem docs/thu-dien-tu.md)."
)
NO_MAIL_DOMAIN = "Có thư mục thư trả lại nhưng chưa đặt DONDOC_MAIL_DOMAIN: thư trả lại không về đúng chỗ."
MEND_MAIL_DOMAIN = "Đặt DONDOC_MAIL_DOMAIN là tên miền mà máy chủ thư chuyển vào thư mục đó."
RETURNED_MAIL_READ = "Thư trả lại cho @{domain} được đọc ở {folder}."
NOT_THERE = "Không có thư mục {path}."
NOT_A_MAILDIR = "{path} không phải là một Maildir (thiếu thư mục con new và cur)."
MEND_MAILDIR = "Tạo thư mục đó với ba thư mục con new, cur, tmp và cho tài khoản chạy dondoc quyền đọc và ghi."
UNREADABLE = "Không đọc được {path}: {error}."
MEND_UNREADABLE = "Cho tài khoản chạy dondoc quyền đọc và ghi thư mục này."
NO_SMTP_LOG = (
    "Chưa đặt DONDOC_SMTP_LOG: khi mất câu trả lời của máy chủ thư, thư được gửi lại một lần với cùng Message-ID."
)
LOG_READ = "Nhật ký của máy chủ thư được đọc ở {path}."
NO_POSTFIX_LINES = "{path} không có dòng nào của Postfix mà dondoc đọc được."
MEND_LOG = (
    "Đặt DONDOC_SMTP_LOG là nhật ký của Postfix trên máy này (thường là /var/log/mail.log) và cho tài khoản chạy "
    "dondoc quyền đọc (trên Debian: thêm vào nhóm adm)."
)
CONNECTED = "Đã kết nối được máy chủ thư {server}."
HOST_UNKNOWN = "Không tìm thấy máy chủ thư có tên {host}."
MEND_HOST = "Kiểm tra tên máy trong DONDOC_SMTP_URL và máy chủ DNS của máy này."
PORT_CLOSED = "Máy chủ thư {server} từ chối kết nối: không có chương trình nào nghe ở cổng {port}."
MEND_PORT = "Kiểm tra cổng trong DONDOC_SMTP_URL, dịch vụ thư có đang chạy không, và tường lửa."
SERVER_SILENT = "Máy chủ thư {server} không trả lời."
MEND_SILENT = "Thường do tường lửa chặn cổng, hoặc cổng này cần smtps:// (465) thay cho smtp:// (25, 587)."
TLS_NOT_SPOKEN = "Không thiết lập được kết nối mã hóa với {server}: {error}."
MEND_TLS = "Cổng 587 và 25 thường cần smtp://…?starttls=1, cổng 465 cần smtps://."
CERTIFICATE_EXPIRED = "Chứng thư của {server} đã hết hạn."
MEND_EXPIRED = "Đề nghị người quản trị máy chủ thư gia hạn chứng thư; kiểm tra ngày giờ của máy này."
CERTIFICATE_NOT_YET = "Chứng thư của {server} chưa có hiệu lực."
MEND_CLOCK = "Kiểm tra ngày giờ của máy này và của máy chủ thư."
CERTIFICATE_NAME = "Chứng thư của {server} không mang tên {host}."
MEND_NAME = "Trong DONDOC_SMTP_URL dùng đúng tên máy ghi trong chứng thư, hoặc đề nghị cấp lại chứng thư."
CERTIFICATE_UNKNOWN = "Chứng thư của {server} do một nơi không được tin cậy cấp ({error})."
MEND_AUTHORITY = "Nếu là chứng thư nội bộ của cơ quan, thêm ?ca=/đường/dẫn/ca.pem vào DONDOC_SMTP_URL."
NO_STARTTLS = "Máy chủ thư {server} không hỗ trợ STARTTLS."
MEND_STARTTLS = "Dùng smtps:// ở cổng 465; chỉ bỏ starttls=1 khi máy chủ thư ở ngay trên máy này."
NO_LOGIN = "Máy chủ thư {server} không nhận đăng nhập ở cổng này."
MEND_NO_LOGIN = "Thêm starttls=1 hoặc dùng smtps://; nếu máy chủ không cần đăng nhập, bỏ tên và mật khẩu."
LOGIN_WRONG = "Máy chủ thư {server} từ chối tên đăng nhập hoặc mật khẩu: {said}."
MEND_LOGIN = (
    "Kiểm tra tên và mật khẩu trong DONDOC_SMTP_URL (ký tự đặc biệt viết dạng %XX, ví dụ @ là %40); "
    "có nơi phải dùng mật khẩu ứng dụng."
)
SERVER_REFUSES = "Máy chủ thư {server} không phục vụ máy này: {said}."
MEND_REFUSES = "Đề nghị người quản trị máy chủ thư cho phép địa chỉ IP của máy này gửi thư."
SERVER_HUNG_UP = "Máy chủ thư {server} ngắt kết nối giữa chừng."
MEND_HUNG_UP = "Thường do địa chỉ IP của máy này bị chặn, hoặc cổng cần mã hóa từ đầu (smtps://)."
SIZE_LIMIT = "Máy chủ thư chỉ nhận thư tới {limit} byte."
MEND_SIZE = "Đề nghị nâng giới hạn lên ít nhất {needed} byte (Postfix: message_size_limit)."
SENDER_TAKEN = "Máy chủ thư chấp nhận địa chỉ gửi {sender}."
SENDER_REFUSED = "Máy chủ thư không chấp nhận địa chỉ gửi {sender}: {said}."
MEND_SENDER = (
    "Đề nghị người quản trị cho phép máy này gửi với tên miền đó, hoặc sửa DONDOC_MAIL_FROM, DONDOC_MAIL_DOMAIN."
)
TEST_SUBJECT = "Thư thử của dondoc"
TEST_TEXT = "Đây là thư thử do người quản trị gửi để kiểm tra kênh thư điện tử. Không cần trả lời.\n"
TEST_SENT = "Máy chủ thư đã nhận thư thử gửi {to}: {said}. Hãy xem hộp thư đó, cả mục thư rác."
TEST_REFUSED = "Máy chủ thư không nhận thư thử gửi {to}: {said}."
TEST_UNSURE = "Không rõ thư thử gửi {to} đã được nhận hay chưa: {reason}"
MEND_RECIPIENT = "Kiểm tra địa chỉ người nhận và quyền gửi ra ngoài của máy này trên máy chủ thư."
MEND_LATER = "Thử lại sau ít phút; nếu vẫn vậy, hỏi người quản trị máy chủ thư."

# channels.mailbox
MAILBOX_BANNER = "HỘP THƯ PHÁT TRIỂN – không thư nào rời khỏi máy này"
WEB_PAGE = "trang web"
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

# channels.zalo_*
ZNS_MEANING = {
    -100: "Zalo báo lỗi không xác định",
    -101: "ứng dụng Zalo không hợp lệ (DONDOC_ZALO_APP_ID)",
    -102: "ứng dụng Zalo không tồn tại (DONDOC_ZALO_APP_ID)",
    -103: "ứng dụng Zalo chưa được kích hoạt",
    -104: "khóa bí mật của ứng dụng không đúng (DONDOC_ZALO_APP_SECRET)",
    -105: "ứng dụng chưa liên kết với Official Account nào",
    -106: "phương thức không được hỗ trợ",
    -107: "mã tin không hợp lệ",
    -108: "số điện thoại không hợp lệ",
    -109: "mã mẫu tin không hợp lệ",
    -110: "người nhận dùng bản Zalo quá cũ",
    -111: "mẫu tin không có dữ liệu",
    -112: "dữ liệu của mẫu tin không hợp lệ",
    -1121: "thiếu tham số của mẫu tin",
    -1122: "tham số của mẫu tin sai kiểu",
    -1123: "không tạo được mã QR của mẫu tin",
    -1124: "tham số của mẫu tin dài quá giới hạn",
    -113: "nút bấm của mẫu tin không hợp lệ",
    -114: "tài khoản người nhận không hoạt động, hoặc người nhận không nhận tin",
    -115: "tài khoản ZNS không đủ số dư",
    -116: "nội dung tin không hợp lệ",
    -117: "Official Account hoặc ứng dụng không có quyền dùng mẫu tin này",
    -118: "số điện thoại này không có tài khoản Zalo",
    -119: "tài khoản này không nhận được tin ZNS",
    -120: "Official Account chưa được cấp quyền dùng tính năng này",
    -121: "mẫu tin không có nội dung",
    -122: "nội dung yêu cầu gửi tới Zalo không đúng định dạng",
    -124: "token truy cập không hợp lệ hoặc đã hết hạn",
    -1241: "chữ ký appsecret_proof không đúng (DONDOC_ZALO_APP_SECRET)",
    -125: "mã Official Account không hợp lệ",
    -126: "ví ở chế độ thử nghiệm không đủ số dư",
    -127: "mẫu tin đang thử nghiệm chỉ gửi được cho quản trị viên",
    -130: "nội dung mẫu tin vượt quá giới hạn ký tự",
    -131: "mẫu tin chưa được duyệt",
    -132: "tham số không hợp lệ",
    -133: "Zalo không nhận tin ZNS từ 22 giờ đến 6 giờ",
    -134: "người nhận chưa đồng ý nhận tin ZNS",
    -135: "Official Account chưa có quyền gửi ZNS",
    -1351: "Zalo đã khóa quyền gửi ZNS của Official Account do vi phạm",
    -136: "Official Account chưa kết nối với tài khoản Zalo Cloud",
    -137: "thanh toán qua Zalo Cloud không thành công",
    -138: "ứng dụng chưa có quyền dùng tính năng gửi ZNS",
    -139: "người nhận đã từ chối loại tin này",
    -140: "Official Account chưa được cấp quyền gửi loại tin này",
    -141: "người nhận đã từ chối tin của Official Account",
    -144: "Official Account đã hết hạn mức gửi trong ngày",
    -145: "Official Account không được phép gửi loại nội dung này",
    -146: "mẫu tin đã bị vô hiệu hóa do chất lượng thấp",
    -147: "mẫu tin đã hết hạn mức gửi trong ngày",
    -1471: "người nhận đã nhận đủ số tin trong ngày",
    -216: "token truy cập không hợp lệ hoặc đã hết hạn",
    -220: "token truy cập không hợp lệ hoặc đã hết hạn",
}
ZNS_SAID = "Zalo: {meaning} (mã {code})."
ZNS_STRANGE = "Zalo trả về mã {code} chưa được biết («{text}»); coi là chưa rõ để không gửi hai lần."
ZNS_ODD_REPLY = "Zalo trả lời không đúng dạng đã biết; chưa rõ tin đã gửi hay chưa."
ZNS_TOKEN_AGAIN = (
    "Zalo không nhận token vừa được làm mới (mã {code}); phải cấp quyền lại và đặt DONDOC_ZALO_REFRESH_TOKEN."
)
ZNS_NOT_CONFIGURED = "Chưa cấu hình Zalo: thiếu {names}."
ZNS_NIGHT = "Ngoài giờ gửi ZNS (6 giờ đến 22 giờ)."
ZNS_QUOTA_OUT = "Hạn mức gửi ZNS trong ngày đã hết."
ZNS_ACCEPTED = "Zalo đã nhận"
ZNS_BAD_CONTENT = "Nội dung lưu của lượt gửi không phải tin ZNS."
ZALO_NOT_BEGUN = "Chưa gửi: đã hết thời gian của lượt này."

ZALO_NOT_CONNECTED = "Không kết nối được {host}: {error}"
ZALO_LOST = "Mất câu trả lời của {host} sau khi đã gửi yêu cầu: {error}"
ZALO_HTTP = "{host} trả lời HTTP {status}; chưa rõ yêu cầu đã được xử lý hay chưa."
ZALO_TOO_MANY = "{host} báo gửi quá nhanh (HTTP 429)."
ZALO_NOT_JSON = "{host} trả lời không phải JSON (HTTP {status})."
ZALO_BAD_URL = "Địa chỉ {host} không dùng được: {error}"

TOKEN_MISSING = (
    "Chưa có token Zalo: đặt DONDOC_ZALO_REFRESH_TOKEN (cách lấy: docs/zalo.md) rồi chạy «dondoc channels test zalo»."
)
TOKEN_SPENT = (
    "Mã làm mới token của Zalo không còn dùng được (đã dùng hoặc hết hạn): phải cấp quyền lại cho ứng dụng và đặt "
    "DONDOC_ZALO_REFRESH_TOKEN mới."
)
TOKEN_LOST = (
    "Mất câu trả lời của Zalo khi làm mới token. Mã làm mới chỉ dùng được một lần nên có thể đã mất: "
    "hệ thống sẽ thử lại một lần nữa; nếu vẫn không được thì phải cấp quyền lại. ({error})"
)
TOKEN_APP_REFUSED = (
    "Zalo không nhận ứng dụng khi làm mới token («{text}»): xem lại DONDOC_ZALO_APP_ID và DONDOC_ZALO_APP_SECRET."
)
TOKEN_REFUSED = "Zalo từ chối làm mới token («{text}»)."
TOKEN_BUSY = "Một tiến trình khác đang làm mới token Zalo quá lâu; sẽ thử lại."

ZNS_PURPOSE = "loại tin ZNS"
ZNS_PURPOSES = {"overdue": "quá hạn", "due": "sắp đến hạn", "alarm": "thông báo của hệ thống"}
ZNS_NO_TEMPLATE = (
    "Chưa đăng ký mẫu ZNS cho tin «{purpose}»: «dondoc channels template set --purpose {key} --id MÃ_MẪU»."
)
ZNS_NOT_APPROVED = "Mẫu ZNS {id} cho tin «{purpose}» chưa được Zalo duyệt (trạng thái {status})."
ZNS_NO_SUCH_PARAM = "Mẫu ZNS {id} cần tham số «{name}» mà hệ thống không có. Các tham số có: {known}."
ZNS_NO_VALUE = "Mẫu ZNS {id} cần tham số «{name}» mà tin này không có giá trị."
ZNS_NO_LINK = "Mẫu ZNS {id} cần liên kết «{name}» nhưng tin không có liên kết: đặt DONDOC_PORTAL_URL."
ZNS_TOO_LONG = "Tham số «{name}» dài {length} ký tự, mẫu ZNS {id} chỉ cho {most}; không được cắt ngắn."
ZNS_NO_DUE = "không ấn định"
ZNS_PARAMS = {
    "don_vi": "tên đơn vị nhận (rút ngắn nếu dài)",
    "co_quan": "cơ quan gửi (rút ngắn nếu dài)",
    "nhiem_vu": "tên nhiệm vụ gấp nhất (rút ngắn nếu dài)",
    "tinh_hinh": "tóm tắt, ví dụ «2 nhiệm vụ quá hạn, 1 sắp đến hạn»",
    "so_nhiem_vu": "số nhiệm vụ mà tin nói tới",
    "han_gan_nhat": "hạn sớm nhất, ví dụ 30/11/2023",
    "ngay": "ngày gửi",
    "so_thong_bao": "số thông báo",
    "lien_ket": "liên kết riêng của đơn vị, đầy đủ",
    "duong_dan": "phần của liên kết sau tên miền, dùng cho nút bấm",
    "noi_dung": "nội dung thông báo của hệ thống (chỉ mẫu alarm; rút ngắn nếu dài)",
}
ZNS_STATUS = {
    "ENABLE": "đã duyệt", "PENDING_REVIEW": "đang chờ duyệt", "REJECT": "bị từ chối", "DISABLE": "bị vô hiệu hóa",
    "DELETE": "đã xóa",
}  # fmt: skip


# channels.short_text
SHORT_MORE = "… và {count} mục nữa"
SHORT_OVERDUE = "QUÁ HẠN"
SHORT_DUE = "SẮP ĐẾN HẠN"
SHORT_UNITS = "ĐƠN VỊ QUÁ HẠN"
SHORT_COPIES = "GỬI ĐỂ BIẾT"
SHORT_LINK = "Báo cáo tại: {url}"
SHORT_NUMBER = "Số thông báo: {number}"
SHORT_TOO_LONG = "Liên kết và số thông báo dài quá {most} ký tự của một tin."

# channels.zalo_bot
ZBOT_SAID = "Zalo Bot: {text} (mã {code})."
ZBOT_TOKEN = "Zalo Bot không nhận token (mã {code}): xem lại DONDOC_ZALO_BOT_TOKEN."
ZBOT_BUSY = "Zalo Bot báo gửi quá nhanh (mã 429)."
ZBOT_NOT_CONFIGURED = "Chưa cấu hình Zalo Bot: thiếu DONDOC_ZALO_BOT_TOKEN."
ZBOT_EMPTY = "Tin Zalo Bot không có nội dung."

# channels.zalo_check
CHECK_SETTINGS = "Ứng dụng Zalo {app_id}: đã có mã và khóa bí mật."
CHECK_NO_OA_SECRET = "Chưa có khóa bí mật của Official Account (DONDOC_ZALO_OA_SECRET)."
CHECK_MEND_OA_SECRET = (
    "Lấy khóa ở trang Zalo for Developers, mục Webhook của ứng dụng; thiếu khóa này thì không nhận được báo đã đến."
)
CHECK_NO_PORTAL_URL = "Chưa có địa chỉ cổng mà đơn vị mở được (DONDOC_PORTAL_URL)."
CHECK_MEND_PORTAL_URL = "Đặt DONDOC_PORTAL_URL=https://…; liên kết trong tin và địa chỉ webhook đều dùng địa chỉ này."
CHECK_WEBHOOK = "Địa chỉ webhook để khai với Zalo: {url}"
CHECK_NO_BOT = "Không dùng Zalo Bot (chưa có DONDOC_ZALO_BOT_TOKEN); chỉ cần khi gửi vào nhóm."
CHECK_BOT = "Zalo Bot nhận token."
CHECK_MEND_BOT = "Lấy lại token của bot ở trang tạo Zalo Bot rồi đặt DONDOC_ZALO_BOT_TOKEN."
CHECK_TOKEN = "Token Zalo dùng được đến {at}; quyền còn {days} ngày."
CHECK_QUOTA = "Hạn mức ZNS hôm nay: còn {left} trên {daily} tin."
CHECK_TEMPLATE = "Mẫu ZNS {id} cho tin «{purpose}»: {said}"
CHECK_NOT_TRIED = "Chưa gửi thử được: chưa đăng ký mẫu nào."
CHECK_TRIED = "Đã gửi thử tới {phone} ở chế độ thử nghiệm (mã tin {id}); kiểm tra điện thoại."
CHECK_MEND_SETTINGS = "Lấy ở trang Zalo for Developers, mục Cài đặt của ứng dụng; xem docs/zalo.md."
CHECK_MEND_TOKEN = "Cấp quyền lại cho ứng dụng rồi đặt DONDOC_ZALO_REFRESH_TOKEN mới; các bước ở docs/zalo.md."
CHECK_MEND_NET = "Kiểm tra mạng, tường lửa, tên miền, giờ của máy và DONDOC_ZALO_API, DONDOC_ZALO_OAUTH; rồi chạy lại."
CHECK_MEND_ACCOUNT = "Sửa ở trang quản trị Zalo for Developers hoặc Zalo Cloud theo docs/zalo.md, mục mã lỗi."
CHECK_MEND_QUOTA = "Chờ sang ngày mai, hoặc xin Zalo nâng hạn mức; trong lúc đó tin được gửi qua thư điện tử."
CHECK_MEND_TEMPLATE = "Tạo mẫu theo docs/zalo.md, chờ Zalo duyệt, rồi «dondoc channels template set»."
CHECK_MEND_PARAMS = "Sửa tham số của mẫu theo docs/zalo.md rồi đăng ký lại bằng «dondoc channels template set»."
CHECK_NIGHT = "Tin ZNS chờ đến 6 giờ sáng; không cần làm gì."
CHECK_MEND_TRIED = "Ở chế độ thử nghiệm, số điện thoại phải là của quản trị viên ứng dụng hoặc Official Account."
SAMPLE_UNIT = "Ủy ban nhân dân xã Nghĩa Đàn"
SAMPLE_OFFICE = "Cơ quan Thường trực Ban Chỉ đạo"
SAMPLE_DUTY = "Báo cáo kết quả thực hiện Quy chế dân chủ ở cơ sở"
SAMPLE_LATE = "Quá hạn 28 ngày làm việc"
SAMPLE_SOON = "Còn 7 ngày"
SAMPLE_ALARM = "Đây là tin mẫu của hệ thống đôn đốc."

# channels.apprise_*
APPRISE_BAD_CONTENT = "Nội dung lưu của lượt gửi không phải tin cho Apprise."
APPRISE_SENT = "Apprise đã gửi"
APPRISE_NOT_AN_ADDRESS = "Apprise không hiểu địa chỉ {shown}."
APPRISE_REFUSED = "Không gửi được tới {shown}."
APPRISE_NOT_REACHED = "Không kết nối được tới {shown}; chưa gửi gì."
APPRISE_LOST = "Mất kết nối với {shown} sau khi đã gửi yêu cầu; chưa rõ tin đã đến hay chưa."
APPRISE_PARTLY = "Chỉ một phần người nhận của {shown} nhận được."

# channels.zalo_standin
STANDIN_BANNER = "ZALO GIẢ LẬP – không tin nào rời khỏi máy này"
STANDIN_TITLE = "Zalo giả lập"
STANDIN_READY = "Zalo giả lập: {url}  (tin lưu tại {folder})"
STANDIN_MEMORY = "bộ nhớ, mất khi dừng"
STANDIN_KINDS = {"zns": "ZNS", "bot": "Zalo Bot"}

# channels.plain_mail, channels.plain_forms
ENGINE = "Hệ thống đôn đốc"
NO_PLAIN_FORM = "Kênh {channel} không gửi được cảnh báo của hệ thống."

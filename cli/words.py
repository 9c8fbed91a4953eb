"""The words of the command line."""

ABOUT = "Đôn đốc: theo dõi kế hoạch, thời hạn và báo cáo cho đến khi xong."
UNITS = "Đơn vị theo thời gian."
PLAN = "Kế hoạch viết thành mã."
REPORTS = "Báo cáo đã nộp."
CONTACTS = "Đầu mối nhận thông báo."
EVENT = "Sự kiện mở kỳ mới."

INIT = "Tạo hoặc nâng cấp cơ sở dữ liệu, nạp đơn vị, áp dụng các kế hoạch."
UP = "Chạy cả hệ thống: Prefect, tiến trình thực hiện, cổng, hộp thư phát triển."
DEMO = "Như «up», trên dữ liệu mô phỏng mới; không đụng tới dữ liệu thật."
ADVANCE = "Rà soát đến một thời điểm: mở kỳ, nhắc việc, báo cáo lên cấp trên."
DELIVER = "Gửi những thông báo đã đến lượt."
STATUS = "Tình hình thực hiện tại một thời điểm bất kỳ."
NOTICES = "Danh sách thông báo, kể cả những bước đã bỏ qua và lý do."
SUBMIT = "Ghi nhận báo cáo thay cho một đơn vị."
SIMULATE = "Chạy thử kế hoạch từng ngày trên cơ sở dữ liệu tạm, với câu trả lời giả định."
UNITS_COUNT = "Đếm đơn vị theo cấp vào một ngày."
UNITS_LIST = "Liệt kê đơn vị vào một ngày."
UNITS_IMPORT = "Nhập đơn vị của văn phòng (CSV hoặc XLSX)."
PLAN_LIST = "Các kế hoạch."
PLAN_SHOW = "Nội dung một kế hoạch."
PLAN_CHECK = "Kiểm tra kế hoạch; nêu tệp, dòng và cách sửa."
PLAN_PREVIEW = "Lịch của kế hoạch: từng mốc, số đơn vị, cách tính."
PLAN_APPLY = "Áp dụng kế hoạch: ghi phiên bản và mã băm vào nhật ký."
PLAN_EXEMPT = "Miễn một đơn vị khỏi một nhiệm vụ hoặc cả kế hoạch, có lý do."
PLAN_NEW = "Tạo tệp kế hoạch mới có chú giải."
REPORTS_IMPORT = "Nhập báo cáo từ CSV hoặc XLSX; sai một dòng thì không nhập dòng nào."
CONTACTS_IMPORT = "Nhập, cập nhật đầu mối từ CSV hoặc XLSX (docs/dau-moi.md); sai một dòng thì không nhập dòng nào."
GUIDANCE = "Trung ương đã có văn bản hướng dẫn: mở nhiệm vụ chờ văn bản đó."

JSON = "In đúng một tài liệu JSON."
PLAN_CODE = "Mã kế hoạch, ví dụ nghe-an-2023."
AS_OF = "Thời điểm (ISO 8601); chỉ ghi ngày thì hiểu là 07:30. Mặc định: bây giờ."
KNOWN_AT = "Chỉ tính những gì đã được ghi nhận đến thời điểm này."
AT = "Thời điểm nộp (ISO 8601); chỉ ghi ngày thì hiểu là 00:00."
ON = "Ngày, ví dụ 2023-10-01. Mặc định: hôm nay."
PROVINCE = "Mã tỉnh, ví dụ 40."
TERRITORY = "Mã tỉnh trước sắp xếp: các đơn vị kế nhiệm địa bàn của tỉnh đó."
BY = "Xếp theo: duty, unit, district hoặc province."
BY_NAME = "Người nộp."
SKIP_BAD = "Nhập các dòng đúng, ghi các dòng bị từ chối ra tệp bên cạnh."
FORCE_DAY = "Ngày bắt đầu miễn. Mặc định: hôm nay."
LEVEL = "Cấp: province, district, commune, department…"
KIND = "Loại đúng như tên gọi: xã, phường, thị trấn, huyện…"

FUTURE = "Thời điểm {at} ở tương lai; hệ thống đang vận hành thật nên không rà soát trước ngày đó."
NOTHING_IMPORTED = "Chưa nhập dòng nào. Sửa các dòng trên rồi nhập lại, hoặc dùng --skip-bad."
REFUSED_ROWS = "Các dòng bị từ chối: {path}"
BAD_DAY = "Ngày «{text}» không hợp lệ; ghi như 2023-10-01."
BEYOND = "Ngày {day} nằm ngoài lịch mà hệ thống biết (đến hết năm {year})."
BACKWARDS = "Ngày đầu {since} sau ngày cuối {through}."
BAD_LEVEL, BAD_KIND, BAD_STATE = "cấp", "loại đơn vị", "trạng thái thông báo"
NOT_UTF8 = "Tham số dòng lệnh không phải UTF-8. Đặt bảng mã của cửa sổ lệnh là UTF-8 (ví dụ LANG=C.UTF-8)."
ONE_OF_TWO = "chọn --province hoặc --territory, không dùng cả hai"
DATA_BEGINS = "Dữ liệu đơn vị bắt đầu từ 01/01/2021; không có tỉnh mã {code} vào ngày {day}."
NO_HOME = "Không tạo được thư mục dữ liệu {home}: {error}. Chọn thư mục khác bằng DONDOC_HOME."
MEND_ANSWERS = "Chưa chạy thử. Sửa các dòng trên trong tệp trả lời."
PROVINCE_ENDED = (
    "Từ {day} tỉnh mã {code} ({name}) không còn; nay thuộc tỉnh mã {codes}. "
    "Dùng --province {first}, hoặc --territory {code}."
)
NO_EVENT_DUTY = "Kế hoạch {plan} không có nhiệm vụ nào chờ sự kiện."
MANY_EVENT_DUTIES = "Kế hoạch {plan} có nhiều nhiệm vụ chờ sự kiện; chọn một bằng --duty: {codes}."
NEWLY_MADE = "Đã tạo {path}. Sửa tệp, rồi chạy «dondoc plan check {path}»."
CHECKED = "Kế hoạch hợp lệ: {codes}."
UNCONFIRMED = "(chưa xác nhận)"

CALENDAR = "Lịch làm việc: ngày nghỉ, ngày hoán đổi, ngày làm bù."
CALENDAR_SHOW = "Ngày nghỉ lễ, ngày hoán đổi, ngày làm bù của một năm, kèm căn cứ."
CALENDAR_CHECK = "Năm nào đã có thông báo chính thức, năm nào còn tính theo quy tắc. Mặc định: năm nay và hai năm tới."
CALENDAR_BEYOND = "Năm {year} nằm ngoài lịch mà hệ thống biết (từ năm {first} đến hết năm {last})."
CALENDAR_YEAR = "Lịch làm việc năm {year} ({where}): {days} ngày làm việc."
CALENDAR_MONTH = ("Tháng", "Ngày làm việc", "Ngày nghỉ")
CALENDAR_DAY = ("Ngày", "Thứ", "Loại", "Lý do", "Căn cứ")
CALENDAR_SOURCES = {"holidays": "Lịch chung", "overlay": "Bổ sung kèm hệ thống", "office": "Văn phòng ghi"}
OF_PROVINCE, OF_COUNTRY = "tỉnh mã {code}", "cả nước"
WORKED = {True: "làm việc", False: "nghỉ"}
YEAR_BASIS = {
    True: "Năm {year}: đã có thông báo. {source}",
    False: "Năm {year}: chưa có thông báo chính thức, tính theo {source}.",
}

PLAN_ICS = "Các thời hạn của kế hoạch, hoặc của một đơn vị, thành tệp lịch iCalendar (.ics)."
ICS_UNIT = "Chỉ các thời hạn của đơn vị này (mã hoặc khóa), kèm tình hình và ngày gia hạn."
ICS_FROM = "Từ ngày, ví dụ 2026-01-01. Mặc định: 30 ngày trước hôm nay."
ICS_TO = "Đến hết ngày. Mặc định: 400 ngày kể từ hôm nay."
ICS_OUT = "Ghi ra tệp này thay vì in ra."
ICS_NONE = (
    "Từ {since} đến {through} không có thời hạn nào {of}. "
    "Chọn khoảng khác bằng --from, --to; xem các thời hạn bằng «dondoc plan preview {plan}»."
)
ICS_OF_PLAN, ICS_OF_UNIT = "của kế hoạch {plan}", "của {name} trong kế hoạch {plan}"
ICS_WITHOUT_DUE = "{count} nhiệm vụ không có ngày đến hạn nên không có trong lịch: {duties}."
ICS_WRITTEN = "Đã ghi {count} thời hạn vào {path}."
ICS_UNWRITTEN = "Không ghi được {path}: {error}. Chọn tệp khác bằng --out."

EXTEND = "Gia hạn cho một đơn vị hoặc cả kỳ, đến một ngày muộn hơn, có lý do."
CORRECT = "Sửa ngày đã ghi sai (bắt đầu hoặc đến hạn); giữ cả giá trị cũ."
PAUSE = "Tạm dừng thời hạn, ví dụ để chờ hướng dẫn: không nhắc, không báo cáo lên cấp trên."
RESUME = "Cho thời hạn đang tạm dừng chạy tiếp, giữ hạn cũ hoặc gia hạn bằng --to."
WITHDRAW = "Kết thúc sớm: không yêu cầu nữa; những gì đã gửi và đã nộp vẫn giữ."
WAIVE = "Ghi nhận «không áp dụng» cho một đơn vị, có căn cứ pháp lý."
DUTY_CODE = "Mã nhiệm vụ, ví dụ bao-cao-nam."
PERIOD_KEY = "Kỳ, ví dụ 2024, 2023-Q4, 2023-10 hoặc -."
ONE_UNIT = "Đơn vị: khóa (g1:412) hoặc mã."
EVERYBODY = "Cho mọi đơn vị của kỳ."
REASON = "Lý do; được lưu trong nhật ký và hiện bên cạnh thời hạn."
GROUND = "Căn cứ pháp lý, ví dụ «Luật 10/2022/QH15, Điều 51 khoản 2 điểm đ»."
DECIDED_BY = "Người quyết định."
DECIDED_ON = "Ngày hoặc thời điểm quyết định. Mặc định: bây giờ."
LAST_DAY = "Ngày cuối còn đúng hạn, ví dụ 2024-12-15; có thể ghi cả giờ và múi giờ."
FIRST_DAY = "Ngày bắt đầu đúng, ví dụ 2024-01-01."
RESUMED = "hết lý do tạm dừng"
NO_DATE = "cần --to (ngày cuối còn đúng hạn) hoặc --opens (ngày bắt đầu)"
UNIT_OR_ALL = "chọn --unit (một đơn vị) hoặc --all (mọi đơn vị của kỳ)"
NO_GROUND = "Cần nêu căn cứ pháp lý (--ground) hoặc lý do (--reason) của việc không áp dụng."
PERIOD_OF_WHAT = "--period cần đi cùng --duty: kỳ của nhiệm vụ nào?"
WAIVED = "{unit}: không áp dụng từ {day} ({why})"
DECIDED = {
    "extended": "{who}, {duty} kỳ {period}: gia hạn từ {was} đến {due} ({why})",
    "corrected": "{who}, {duty} kỳ {period}: hạn {was} sửa thành {due} ({why})",
    "paused": "{who}, {duty} kỳ {period}: tạm dừng ({why})",
    "resumed": "{who}, {duty} kỳ {period}: tiếp tục, hạn {due} ({why})",
    "withdrawn": "{who}, {duty} kỳ {period}: rút, không yêu cầu nữa ({why})",
}
UNIT_STATUS = "Chỉ một đơn vị: từng nhiệm vụ, cách tính thời hạn và lịch sử."
COUNTED = "Cách tính thời hạn:"
HISTORY = "Lịch sử:"
PLAN_DIFF = "So tệp kế hoạch với bản đang áp dụng: đổi gì, bao nhiêu việc đang mở, thông báo nào thêm hoặc bỏ."
NEVER_APPLIED = "Kế hoạch chưa được áp dụng lần nào; «dondoc plan apply» sẽ áp dụng bản này."
NO_DIFFERENCE = "Không có gì khác bản đang áp dụng (phiên bản {version})."
DIFFERENCE = "Phiên bản {old} → {new}:"
OF_THE_PLAN = "kế hoạch"
IMPACT = "Việc đang mở: {moved} đổi hạn, {withdrawn} bị rút, {opened} mở thêm."
MOVE = "  {duty} kỳ {period}: {old} → {new} ({count} đơn vị)"
STEPS_CANCELLED = "Các mốc sẽ bỏ:"
STEPS_ADDED = "Các mốc sẽ thêm:"
CALENDAR_APPLY = "Áp dụng tệp ngày nghỉ, ngày làm bù; xem trước bằng --preview những hạn và mốc sẽ dời."
PREVIEW_ONLY = "Chỉ xem trước, không ghi gì."
CALENDAR_APPLIED = "Đã ghi {count} ngày vào lịch."
CALENDAR_PREVIEW = "Xem trước {count} ngày; chưa ghi gì."
YES = "Không hỏi lại."
APPLY_NOW = "Áp dụng?"
NOT_APPLIED = "Chưa áp dụng."
MEND_DAYS = "Chưa ghi ngày nào. Sửa các dòng trên rồi áp dụng lại."
NO_SUCH_PROVINCE = "cột province: không có tỉnh mã «{code}»; xem «dondoc units list --level province»"

TERM = "Đọc một thời hạn như văn bản ghi: nghĩa, ngày mở, ngày đến hạn, cách tính từng bước."
TERM_PHRASE = "Thời hạn, ví dụ «trong thời hạn 05 ngày làm việc kể từ ngày ban hành»."
TERM_ISSUED = "Ngày ban hành văn bản, ví dụ 2024-04-26."
TERM_EVENT = "Ngày xảy ra sự kiện mà thời hạn chờ."
TERM_YEAR = "Năm, khi thời hạn không ghi năm; với thời hạn lặp lại: kỳ đầu tiên của năm đó."
TERM_POLICY = "Cách tính ngày cuối: civil-code hoặc nominal. Mặc định: theo loại thời hạn."
BAD_YEAR = "Năm «{text}» không hợp lệ; ghi bốn chữ số, từ {first} đến {last}."
BAD_POLICY = "cách tính ngày cuối"
TERM_KINDS = {
    "window": "trong một khoảng thời gian", "bound": "có ngày giới hạn", "recurring": "lặp lại theo lịch",
    "counted": "tính từ một mốc", "backward": "tính lùi từ một mốc", "minimum": "thời gian tối thiểu",
    "event": "chờ sự kiện, không có ngày đến hạn", "continuous": "thường xuyên, không có ngày đến hạn",
    "unstated": "nguồn không nêu",
}  # fmt: skip
TERM_DATES = {
    "opens": "Bắt đầu", "due": "Đến hạn (kể từ lúc này là muộn)", "last_day": "Ngày cuối cùng còn đúng hạn",
    "nominal_last_day": "Ngày cuối trước khi xét ngày nghỉ",
}  # fmt: skip
TERM_DATES_OF_MINIMUM = TERM_DATES | {
    "due": "Được kết thúc từ", "last_day": "Ngày cuối của thời gian tối thiểu",
}  # fmt: skip
TERM_COUNTING = "Cách tính ngày cuối"
TERM_POLICIES = {
    "civil-code": "theo Điều 148 khoản 5 Bộ luật Dân sự 2015 (gặp ngày nghỉ thì sang ngày làm việc tiếp theo)",
    "nominal": "giữ nguyên ngày cuối",
}
TERM_MISSING = "Còn thiếu"
TERM_NEEDS = {
    "year": "năm (--year)", "issued": "ngày ban hành (--issued)", "event": "ngày xảy ra sự kiện (--event)",
}  # fmt: skip
TERM_EXPLAIN = "Cách tính"
TERM_UNKNOWN = "chưa rõ"
TERM_NONE = "không có"
WAITING = "Kế hoạch {code} có bản mới chưa áp dụng: xem «dondoc plan diff {code}», rồi «dondoc plan apply {code}»."
UNSAID = "  {count} thông báo đang chờ gửi sẽ không gửi nữa."
EXPLAIN = "Kèm cách tính thời hạn, từng bước, mỗi bước một căn cứ."
MISSING_FILE = "Kế hoạch {code} đang áp dụng nhưng không còn tệp: không được rà soát nữa. Trả lại tệp, hoặc bỏ qua."
DELIVER_LIMIT = "Gửi nhiều nhất bấy nhiêu bản tin rồi kết thúc."
DELIVER_FOREVER = "Chạy mãi: cứ vài giây xem có gì đến lượt, trong giờ gửi (07:00–20:00, ngày làm việc)."
FOREVER_ALONE = "--forever gửi theo giờ hiện tại và không kết thúc: không dùng cùng --as-of, --limit hoặc --json."
DISPATCHING = "Bộ gửi tin đang chạy ({owner}); dừng bằng Ctrl-C."
DISPATCHED = (
    "{at:%H:%M:%S %d/%m/%Y}: {sent} đã gửi, {failed} không gửi được, {waiting} chờ gửi lại, "
    "{undeliverable} chưa có địa chỉ"
)
TOO_EARLY = "Ngày {day} trước năm {year}; hệ thống không có kế hoạch nào sớm như vậy. Xem lại ngày."

# dondoc contacts …
CONTACTS_LIST = "Các đầu mối: vai trò, kênh theo thứ tự, giờ không nhận, vắng mặt, địa chỉ đã ngừng dùng."
CONTACTS_MISSING = "Đơn vị được giao việc hoặc phải nhận báo cáo mà chưa có ai nhận được tin, kèm lý do."
CONTACTS_ENABLE = "Dùng lại một địa chỉ đã ngừng: thư điện tử, số Zalo hoặc địa chỉ Apprise."
CONTACTS_REMOVE = "Bỏ một đầu mối khỏi đơn vị, ở mọi vai trò."
CONTACTS_UNIT = "Chỉ đơn vị này (mã hoặc khóa)."
CONTACT_NAME, CONTACT_ADDRESS = "Họ tên như trong danh sách.", "Địa chỉ như trong danh sách."
CONTACTS_PREVIEW = "Xem trước {rows} dòng, chưa ghi gì: {new} đầu mối mới, {changed} thay đổi."
CONTACTS_IMPORTED = "{new} đầu mối mới, {changed} thay đổi, {rows} dòng."
CONTACTS_STILL_OFF = "Vẫn ngừng dùng (từ {day}): {address} của {name}, {unit}: {why}. Dùng lại: {command}"
CONTACTS_NONE = "Chưa có đầu mối nào. Nhập bằng «dondoc contacts import TỆP»."
CONTACTS_ALL_REACHED = "Mọi đơn vị đều có địa chỉ nhận tin."
CONTACTS_UNREACHED = "{count} đơn vị chưa có địa chỉ nhận tin:"
CONTACT_REMOVED = "Đã bỏ {name} ({role}) khỏi {unit}."
ADDRESS_ENABLED = "{address} của {unit} được dùng lại."
CONTACT_NEW, CONTACT_CHANGED = "mới", "đổi"
CONTACT_PARTS = {
    "ordinary": "thông thường", "important": "quan trọng", "quiet": "không nhận trong giờ", "absent": "vắng",
    "deputy": "người thay", "copies": "bản gửi để biết", "off": "ngừng dùng",
}  # fmt: skip
CONTACT_NO_COPIES, CONTACT_NOTHING, THEN, AT_ONCE = "không nhận", "không có", " → ", " + "
ADDRESS_SINCE = "{address} từ {day}: {why}"

# dondoc notices preview
NOTICES_PREVIEW = "Những bản tin sẽ gửi ở lần rà soát tiếp theo: ai nhận, qua địa chỉ nào, nội dung. Không ghi gì."
PREVIEW_UNIT = "Chỉ các bản tin gửi cho đơn vị này (mã hoặc khóa)."
PREVIEW_HTML = "Ghi phần HTML của bản tin đầu tiên (hoặc của đơn vị đã chọn) ra tệp này."
PREVIEW_HTML_WRITTEN = "Đã ghi phần HTML của bản tin gửi {name} vào {path}."
PREVIEW_UNWRITTEN = "Không ghi được {path}: {error}. Chọn tệp khác bằng --html."
PREVIEW_NOTHING = "Không có bản tin nào phải gửi lúc {at}."
PREVIEW_SWEPT = "Thời điểm {at} đã được rà soát; các thông báo của lúc đó xem bằng «dondoc notices»."
PREVIEW_NOBODY = "chưa có địa chỉ nhận"
PREVIEW_COUNT = "{count} bản tin, {lost} chưa có địa chỉ nhận."

# dondoc channels
CHANNELS = "Các kênh gửi: kiểm tra cấu hình, mẫu tin Zalo."
CHANNELS_TEMPLATES = "Các mẫu tin ZNS ở Zalo, và mẫu nào đang dùng cho loại tin nào."
CHANNELS_TEMPLATE = "Đăng ký và xem trước mẫu tin ZNS."
CHANNELS_TEST = "Kiểm tra cấu hình của một kênh: sai ở đâu, sửa thế nào."
TEMPLATE_PURPOSE = "Loại tin: overdue (quá hạn), due (sắp đến hạn) hoặc alarm (thông báo của hệ thống)."
TEMPLATE_ID = "Mã mẫu tin đã được Zalo duyệt, ví dụ 312345."
TEMPLATE_PARAM = "Tham số và độ dài tối đa, ví dụ don_vi=100; ghi nhiều lần. Mặc định: hỏi Zalo."
TEMPLATE_SET = "Dùng một mẫu tin cho một loại tin."
TEMPLATE_PREVIEW = "Các tham số của mẫu, điền theo một bản tin ví dụ."
TEMPLATE_NO_PARAMS = (
    "Zalo không cho biết tham số của mẫu {id}; ghi lại từng tham số bằng --param tên=độ-dài theo mẫu đã đăng ký."
)
TEMPLATE_REGISTERED = "Mẫu {id} ({status_shown}) được dùng cho loại tin {purpose}: {given}."
BAD_PARAM = "--param «{text}» chưa đúng; ghi tên=độ-dài, độ dài từ 1 đến 400, ví dụ don_vi=100."
NO_ZALO = "Chưa cấu hình Zalo: đặt DONDOC_ZALO_APP_ID và DONDOC_ZALO_APP_SECRET (xem docs/zalo.md)."
TEST_ZALO = "Kiểm tra Zalo: ứng dụng, token, mẫu tin, hạn mức, webhook."
TEST_PHONE = "Gửi một tin thật ở chế độ thử nghiệm tới số này (của quản trị viên ứng dụng)."
TEST_EMAIL = "Kiểm tra thư điện tử."
TEST_TO = "Gửi một thư thử tới địa chỉ này."
FINDING_OK, FINDING_WRONG = "[đạt]", "[SAI]"

# dondoc notices retry, cancel, phoned, show
NOTICES_RETRY = "Gửi lại những thông báo gửi không được, nếu còn cần nói; báo trước nếu lượt cũ có thể đã tới."
NOTICES_CANCEL = "Thôi không gửi những thông báo này nữa, kèm lý do."
NOTICES_PHONED = "Ghi là đã gọi điện báo, không cần gửi nữa."
NOTICES_SHOW = "Tất cả về một thông báo: nói gì, với ai, từng lượt gửi và diễn biến."
NOTICE_NUMBERS = "Số của các thông báo («dondoc notices --state dead»)."
NOTICE_NUMBER = "Số của thông báo."
SETTLED_BY = "Họ tên người quyết định."
CANCEL_WHY = "Lý do."
PHONED_NOTE = "Gọi cho ai, nói gì; không đưa vào nhật ký."
NOTICES_RETRIED = "Sẽ gửi lại: {ids}."
NOTICES_CANCELLED = "Không gửi nữa: {ids}."
NOTICES_WERE_PHONED = "Đã ghi là đã gọi điện: {ids}."
NOTICES_STOOD_SO = "Vốn đã như vậy, không đổi: {ids}."
NOTICE_HEAD = "Thông báo {id}: {state}"
NOTICE_PARTS = {
    "about": "Về", "step": "Bước", "due": "Hạn", "planned": "Đến lượt gửi", "to": "Nơi nhận", "reason": "Lý do",
}  # fmt: skip
NO_DELIVERY = "  Chưa có lượt gửi nào."
DELIVERY_HEAD = "  Lượt gửi {id}: {channel} tới {address}, {attempts} lần, {state}"
NOTICE_DECIDED = "  {at}  {by} {what}"

# dondoc watch
WATCH = "Có gì trục trặc khi gửi: thông báo trễ, kênh dừng, token, hạn mức, bộ gửi tin. Có thì kết thúc với mã 1."
WATCH_RAISE = "Gửi luôn cảnh báo chưa báo trong kỳ (giờ, ngày hoặc tuần); dùng trong cron của máy."
ALL_WELL = "Không có gì trục trặc."
ALARMS_RAISED = "{count} cảnh báo mới."

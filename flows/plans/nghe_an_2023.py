"""Nghệ An: the plan that carries out the Law on grassroots democracy (10/2022/QH15), in force from 1/7/2023.

Read from the province's own portal; the plan's number and date of issue are not given there. What each duty asks
is said in our own words; the deadlines are the document's.
"""

from datetime import date

from models.plan import Citation, Duty, Plan, Unknown
from models.selector import body, group, level, role
from models.units import TWO_TIERS
from schedules.phrases import term
from schedules.terms import Unstated

SOURCE_PAGE = (
    "Cổng Thông tin điện tử tỉnh Nghệ An, bài «Triển khai thực hiện Luật Thực hiện dân chủ ở cơ sở "
    "trên địa bàn tỉnh Nghệ An»"
)


def paragraph(number: int) -> Citation:
    """The paragraph of the portal's page, dated as the page is."""
    return Citation(SOURCE_PAGE, f"đoạn {number}", date(2024, 5, 25))


NO_EVIDENCE = Unknown("không có kết quả nào chứng minh đã làm")
NO_RECIPIENT = Unknown("không có nơi nhận báo cáo")
NO_DATE = Unstated("không có thời hạn xây dựng kế hoạch chi tiết")
TO_PROVINCE = "UBND tỉnh"

MERGED = date(2025, 3, 1)
HANDED_DOWN = (
    "Cấp huyện kết thúc từ 01/7/2025 (Nghị quyết 203/2025/QH15); việc nhiệm vụ của UBND cấp huyện "
    "chuyển cho UBND cấp xã là giả định của văn phòng, chờ xác nhận"
)
TOOK_OVER = "Sở Thông tin và Truyền thông đã sắp xếp khoảng 01/3/2025; cơ quan tiếp nhận là giả định, chờ xác nhận"
JOINED = "Báo và Đài hợp nhất năm 2025; cơ quan tiếp nhận và ngày hợp nhất là giả định, chờ xác nhận"

STANDING_OFFICE = role("standing_office", "Cơ quan Thường trực Ban Chỉ đạo thực hiện Quy chế dân chủ ở cơ sở tỉnh")
HOME_AFFAIRS = body("so-noi-vu", "Sở Nội vụ")
JUSTICE = body("so-tu-phap", "Sở Tư pháp")
DEPARTMENTS = level("department", "Các sở, ban, ngành cấp tỉnh")
DISTRICTS = level("district", "UBND cấp huyện", until=TWO_TIERS) | level(
    "commune", "UBND cấp xã (thay UBND cấp huyện từ 01/7/2025)", since=TWO_TIERS, assumption=HANDED_DOWN
)
COMMUNES = level("commune", "UBND cấp xã")
SUBORDINATE = level("public_unit", "Cơ quan, đơn vị trực thuộc theo phân cấp quản lý")
STATE_ENTERPRISES = level("enterprise", "Doanh nghiệp nhà nước", kinds=("doanh nghiệp nhà nước",))
PRIVATE_ENTERPRISES = level("enterprise", "Doanh nghiệp ngoài nhà nước", kinds=("doanh nghiệp ngoài nhà nước",))
RELATED = group("co-quan-lien-quan", "Các cơ quan, đơn vị có liên quan")
MASS_ORGANISATIONS = body(
    "ban-dan-van-tinh-uy", "Ban Dân vận Tỉnh ủy", until=MERGED
) | body("ban-tuyen-giao-va-dan-van-tinh-uy", "Ban Tuyên giáo và Dân vận Tỉnh ủy", since=MERGED, assumption=(
    "Ban Dân vận đã hợp nhất năm 2025; cơ quan tiếp nhận là giả định, chờ xác nhận"
))  # fmt: skip
PRESS = (
    body("so-thong-tin-va-truyen-thong", "Sở Thông tin và Truyền thông", until=MERGED)
    | body("so-khoa-hoc-va-cong-nghe", "Sở Khoa học và Công nghệ", since=MERGED, assumption=TOOK_OVER)
    | body("dai-phat-thanh-va-truyen-hinh", "Đài Phát thanh và Truyền hình tỉnh", until=TWO_TIERS)
    | body("bao-nghe-an", "Báo Nghệ An", until=TWO_TIERS)
    | body(
        "bao-va-phat-thanh-truyen-hinh", "Báo và Phát thanh, Truyền hình Nghệ An", since=TWO_TIERS, assumption=JOINED
    )
    | body("cong-thong-tin-dien-tu", "Cổng Thông tin điện tử tỉnh")
)

PLAN = Plan(
    code="nghe-an-2023",
    title="Kế hoạch triển khai thực hiện Luật Thực hiện dân chủ ở cơ sở trên địa bàn tỉnh Nghệ An",
    version=1,
    province="40",
    issuer="UBND tỉnh Nghệ An",
    number=Unknown("bài đăng không có số, ký hiệu"),
    issued=Unknown("25/5/2024 chỉ là ngày đăng bài"),
    in_force=date(2023, 7, 1),
    source=Citation(SOURCE_PAGE, "toàn bài", date(2024, 5, 25)),
    legal_basis=(Citation("Luật Thực hiện dân chủ ở cơ sở số 10/2022/QH15", "toàn văn", date(2022, 11, 10)),),
    notes=("Ngày hiệu lực 01/7/2023 lấy theo ngày Luật có hiệu lực, vì nguồn không nêu ngày ban hành kế hoạch.",),
    duties=(
        Duty(
            code="hoi-nghi-quan-triet",
            title="Hội nghị trực tuyến quán triệt, phổ biến Luật",
            asks="Mở một hội nghị trực tuyến giới thiệu Luật và văn bản chi tiết cho sở, ban, ngành và UBND cấp huyện.",
            lead=STANDING_OFFICE,
            term=term("trong Quý III năm 2023"),
            citation=paragraph(3),
            evidence=NO_EVIDENCE,
            report_to=NO_RECIPIENT,
        ),
        Duty(
            code="ban-hanh-quy-che",
            title="Ban hành Quy chế thực hiện dân chủ ở cơ sở",
            asks="Mỗi cơ quan, đơn vị, địa phương, doanh nghiệp ban hành quy chế của mình.",
            lead=DEPARTMENTS | DISTRICTS | SUBORDINATE | COMMUNES | STATE_ENTERPRISES | PRIVATE_ENTERPRISES,
            term=term("Trong Quý IV năm 2023"),
            citation=paragraph(4),
            evidence=("Quy chế đã ban hành",),
            report_to=NO_RECIPIENT,
        ),
        Duty(
            code="ra-soat-van-ban",
            title="Rà soát văn bản quy phạm pháp luật về thực hiện dân chủ ở cơ sở",
            asks="Rà soát văn bản hiện hành, đề nghị sửa, thay, bãi bỏ hoặc ban hành mới cho thống nhất với Luật.",
            lead=HOME_AFFAIRS,
            coordinating=JUSTICE | RELATED,
            term=term("Tháng 10 năm 2023"),
            citation=paragraph(5),
            evidence=("Đề xuất sửa đổi, bổ sung, thay thế, bãi bỏ hoặc ban hành mới văn bản",),
            report_to=NO_RECIPIENT,
        ),
        Duty(
            code="tap-huan-cap-tinh",
            title="Tập huấn chuyên sâu cho cán bộ, công chức, viên chức cấp tỉnh, cấp huyện",
            asks="Tham mưu UBND tỉnh mở lớp tập huấn về Luật cho người của sở, ban, ngành cấp tỉnh và cấp huyện.",
            lead=HOME_AFFAIRS,
            coordinating=DEPARTMENTS,
            term=term("Năm 2024 và các năm tiếp theo"),
            citation=paragraph(6),
            evidence=NO_EVIDENCE,
            report_to=TO_PROVINCE,
        ),
        Duty(
            code="tap-huan-cap-xa",
            title="Tập huấn chuyên sâu cho cấp xã, thôn, tổ dân phố",
            asks="Mở lớp tập huấn về Luật cho cán bộ, công chức và người hoạt động không chuyên trách ở xã, thôn, tổ.",
            lead=DISTRICTS,
            term=term("Năm 2024 và các năm tiếp theo"),
            citation=paragraph(6),
            evidence=NO_EVIDENCE,
            report_to=NO_RECIPIENT,
        ),
        Duty(
            code="nghi-quyet-hdnd",
            title="Tham mưu Nghị quyết của HĐND về biện pháp bảo đảm thực hiện dân chủ ở cơ sở",
            asks="Khi Trung ương đã có văn bản hướng dẫn, chuẩn bị dự thảo nghị quyết để UBND tỉnh trình HĐND tỉnh.",
            lead=HOME_AFFAIRS,
            coordinating=MASS_ORGANISATIONS | DEPARTMENTS | RELATED,
            term=term("Sau khi có văn bản hướng dẫn của Trung ương"),
            citation=paragraph(7),
            evidence=("Dự thảo nghị quyết trình HĐND tỉnh",),
            report_to="HĐND tỉnh",
        ),
        Duty(
            code="theo-doi-tong-hop",
            title="Theo dõi, kiểm tra, tổng hợp kết quả triển khai Luật",
            asks="Theo dõi, hướng dẫn, kiểm tra, đôn đốc các cơ quan, địa phương; tổng hợp và báo cáo UBND tỉnh.",
            lead=HOME_AFFAIRS,
            term=term("Thường xuyên"),
            citation=paragraph(7),
            evidence=("Báo cáo kết quả gửi UBND tỉnh",),
            report_to=TO_PROVINCE,
        ),
        Duty(
            code="tuyen-truyen",
            title="Tuyên truyền Luật trên phương tiện thông tin đại chúng",
            asks="Giới thiệu Luật và các văn bản quy định chi tiết trên báo, đài và cổng thông tin của tỉnh.",
            lead=PRESS,
            term=term("Thường xuyên"),
            citation=paragraph(8),
            evidence=NO_EVIDENCE,
            report_to=NO_RECIPIENT,
        ),
        Duty(
            code="ke-hoach-chi-tiet",
            title="Xây dựng kế hoạch chi tiết của cơ quan, địa phương",
            asks="Lập kế hoạch triển khai Luật trong phạm vi quản lý của mình.",
            lead=DEPARTMENTS | RELATED | DISTRICTS,
            term=NO_DATE,
            citation=paragraph(9),
            evidence=("Kế hoạch đã ban hành",),
            report_to=NO_RECIPIENT,
        ),
        Duty(
            code="bao-cao-nam",
            title="Báo cáo năm kết quả thực hiện Luật",
            asks="Báo cáo kết quả thực hiện trong năm để tổng hợp chung toàn tỉnh.",
            lead=DEPARTMENTS | RELATED | DISTRICTS,
            term=term("Hằng năm, trước ngày 01/12"),
            citation=paragraph(9),
            evidence=("Báo cáo",),
            report_to="Cơ quan Thường trực Ban Chỉ đạo thực hiện Quy chế dân chủ ở cơ sở tỉnh; Sở Nội vụ",
        ),
        Duty(
            code="kiem-tra-don-doc",
            title="Kiểm tra, đôn đốc, hướng dẫn việc thực hiện Luật",
            asks="Phối hợp thực hiện thống nhất; kiểm tra, đôn đốc và tháo gỡ vướng mắc khi phát sinh.",
            lead=DEPARTMENTS | DISTRICTS | SUBORDINATE | COMMUNES,
            term=term("Thường xuyên"),
            citation=paragraph(2),
            evidence=NO_EVIDENCE,
            report_to=NO_RECIPIENT,
        ),
    ),
)

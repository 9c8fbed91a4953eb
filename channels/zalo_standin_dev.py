"""The ids under which the development engine knows the stand-in for Zalo. None of them means anything elsewhere."""

from datetime import datetime

import sqlalchemy as sa

from channels.zalo_templates import APPROVED, Template, register
from models.settings import Zalo

DEV_APP_ID = "1000000000000000001"
DEV_APP_SECRET = "dev-app-secret"
DEV_OA_SECRET = "dev-oa-secret"
DEV_REFRESH_TOKEN = "dev-refresh-token"
DEV_BOT_TOKEN = "dev:bot-token"

_PARAMS = {"don_vi": 100, "tinh_hinh": 100, "han_gan_nhat": 30, "so_thong_bao": 30, "duong_dan": 200}
DEV_TEMPLATES = {
    "overdue": Template("900001", "Đôn đốc nhiệm vụ quá hạn", APPROVED, _PARAMS),
    "due": Template("900002", "Nhắc nhiệm vụ sắp đến hạn", APPROVED, _PARAMS),
    "alarm": Template("900003", "Thông báo của hệ thống đôn đốc", APPROVED, {"noi_dung": 200, "ngay": 20}),
}


def dev_zalo(port: int) -> Zalo:
    """The settings that lead to a stand-in on that port of this machine."""
    here = f"http://127.0.0.1:{port}"
    return Zalo(
        app_id=DEV_APP_ID, app_secret=DEV_APP_SECRET, oa_secret=DEV_OA_SECRET, refresh_token=DEV_REFRESH_TOKEN,
        bot_token=DEV_BOT_TOKEN, api=here, oauth=here, bot_api=here,
    )  # fmt: skip


def register_dev_templates(db: sa.Connection, *, now: datetime) -> None:
    """Register the templates that the stand-in has approved, for every purpose."""
    for purpose, template in DEV_TEMPLATES.items():
        register(db, purpose, template, now=now)

"""The portal for `uvicorn portal.app:app`: the settings of this process and the wall clock."""

from datetime import datetime

from models.settings import Settings
from portal.site import create_app
from schedules.zone import VIETNAM

app = create_app(Settings.read(), clock=lambda: datetime.now(VIETNAM))

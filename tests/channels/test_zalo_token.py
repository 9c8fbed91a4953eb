"""The tokens of an account: each refresh token works once, so one process refreshes and all the others wait."""

import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from channel_cast import MORNING
from peers import free_port
from zalo_cast import HOA, SECRETS, environment, office, parcel, send

from channels.outcome import Accepted, Blocked, Unreachable
from channels.zalo_standin import standing_in
from channels.zalo_token import token_state
from models.database import reading

ROOT = Path(__file__).parents[2]


@pytest.fixture
def vinh(tmp_path):
    with standing_in(clock=lambda: MORNING) as zalo:
        yield office(tmp_path / "vinh", zalo)


def together(*jobs):
    """Each in a thread, all let go at once."""
    barrier, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place, job):
        barrier.wait()
        results[place] = job()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_the_first_use_takes_the_configured_token_and_keeps_what_follows(vinh):
    assert isinstance(send(vinh.zns()), Accepted)
    row = vinh.token_row()
    assert row.refresh_token not in ("", "dev-refresh-token") and row.generation == 1
    assert row.expires_at - MORNING >= timedelta(hours=24, minutes=59)
    assert isinstance(send(vinh.zns(owner="another")), Accepted)
    assert vinh.refreshes == 1


def test_four_workers_refresh_once_and_all_send(vinh):
    vinh.zalo.fault("/v4/oa/access_token", "late", 0.3)  # long enough for all to want it
    outcomes = together(*[lambda name=name: send(vinh.zns(owner=name, answer_seconds=5)) for name in "abcd"])
    assert [type(one) for one in outcomes] == [Accepted] * 4
    assert vinh.refreshes == 1 and len(vinh.counts) == 4


def test_two_whose_token_was_refused_refresh_once(vinh):
    send(vinh.zns())
    vinh.zalo.zalo.store.revoke_access()
    outcomes = together(*[lambda name=name: send(vinh.zns(owner=name, answer_seconds=5)) for name in "ab"])
    assert [type(one) for one in outcomes] == [Accepted] * 2
    assert vinh.refreshes == 2


def test_two_processes_refresh_once_and_both_send(vinh):
    vinh.zalo.fault("/v4/oa/access_token", "late", 0.5)
    content = parcel(vinh.zns()).content
    code = (
        "import sys; from datetime import datetime; from pathlib import Path; from channels.channel import Parcel\n"
        "from channels.zalo_zns import ZnsChannel; from models.database import connect\n"
        "from models.settings import Settings\n"
        "settings = Settings.read(); channel = ZnsChannel(settings, connect(settings.database_url), owner='p')\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        f"letter = Parcel(1, {HOA!r}, sys.argv[1], '', {content!r})\n"
        f"now = datetime.fromisoformat({MORNING.isoformat()!r})\n"
        "print(type(channel.send([letter], now=now, within=30)[0]).__name__)"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    given = {**os.environ, **environment(vinh)}
    workers = [subprocess.Popen([sys.executable, "-c", code, name], cwd=ROOT, env=given, **pipes) for name in "ab"]
    assert [worker.stdout.readline() for worker in workers] == ["ready\n"] * 2
    for worker in workers:
        worker.stdin.write("\n")
        worker.stdin.flush()
    assert [worker.communicate(timeout=30)[0] for worker in workers] == ["Accepted\n"] * 2
    assert vinh.refreshes == 1 and vinh.counts == {"a": 1, "b": 1}


def test_it_refreshes_before_the_token_ends(vinh):
    send(vinh.zns())
    soon = vinh.token_row().expires_at - timedelta(minutes=9)
    vinh.zalo.zalo.clock = lambda: soon
    at_day = soon.replace(hour=12)
    vinh.set_token(expires_at=at_day + timedelta(minutes=9))
    assert isinstance(send(vinh.zns(), now=at_day), Accepted)
    assert vinh.refreshes == 2


def test_a_token_that_lives_yet_serves_while_it_cannot_be_refreshed(vinh):
    send(vinh.zns())
    vinh.set_token(expires_at=MORNING + timedelta(minutes=5))
    deaf = vinh.with_zalo(oauth=f"http://127.0.0.1:{free_port()}")
    assert isinstance(send(vinh.zns(settings=deaf)), Accepted)


def test_an_authority_that_cannot_be_reached_spends_nothing(vinh):
    deaf = vinh.with_zalo(oauth=f"http://127.0.0.1:{free_port()}")
    assert isinstance(send(vinh.zns(settings=deaf)), Unreachable)
    assert isinstance(send(vinh.zns()), Accepted)


@pytest.mark.parametrize("how", ["hang-after", "drop-after"])
def test_a_lost_answer_says_that_consent_may_be_needed_and_a_new_token_takes_over(vinh, how):
    vinh.zalo.fault("/v4/oa/access_token", how)
    said = send(vinh.zns())
    assert isinstance(said, Blocked) and said.tell and said.elsewhere and "phải cấp quyền lại" in said.reason
    with reading(vinh.engine) as db:
        assert token_state(db, vinh.settings.zalo.app_id).trouble == "lost"
    said = send(vinh.zns())  # once more with the same: now it is certain
    assert isinstance(said, Blocked) and said.tell and "phải cấp quyền lại" in said.reason
    with reading(vinh.engine) as db:
        assert token_state(db, vinh.settings.zalo.app_id).trouble == "spent"
    asked = vinh.refreshes
    assert isinstance(send(vinh.zns()), Blocked) and vinh.refreshes == asked  # what is known is not asked again
    vinh.zalo.zalo.store.consent("consent-2")
    assert isinstance(send(vinh.zns(settings=vinh.with_zalo(refresh_token="consent-2"))), Accepted)


@pytest.mark.parametrize("how", ["hang", "drop", "status", "text"])
def test_an_answer_that_was_lost_before_anything_was_done_costs_nothing(vinh, how):
    vinh.zalo.fault("/v4/oa/access_token", how, 502)
    assert isinstance(send(vinh.zns()), Blocked)
    assert isinstance(send(vinh.zns()), Accepted)


def test_whoever_dies_while_refreshing_is_waited_for_and_then_succeeded(vinh):
    send(vinh.zns())
    vinh.set_token(refreshing_by="dead", refreshing_until=MORNING + timedelta(seconds=0.5), access_token="")
    assert isinstance(send(vinh.zns()), Accepted)
    row = vinh.token_row()
    assert (row.refreshing_by, row.refreshing_until, row.generation) == ("", None, 2)


def test_a_mistyped_new_token_does_not_end_the_good_chain(vinh):
    send(vinh.zns())
    wrong = vinh.with_zalo(refresh_token="mistyped")
    assert isinstance(send(vinh.zns(settings=wrong)), Accepted)
    asked = vinh.refreshes
    assert isinstance(send(vinh.zns(settings=wrong)), Accepted) and vinh.refreshes == asked
    vinh.set_token(expires_at=MORNING)
    assert isinstance(send(vinh.zns(settings=wrong)), Accepted)


@pytest.mark.parametrize(("name", "said"), [("app_secret", "DONDOC_ZALO_APP_SECRET"), ("app_id", "DONDOC_ZALO_APP_ID")])
def test_a_wrong_application_is_named_and_spends_nothing(vinh, name, said):
    wrong = send(vinh.zns(settings=vinh.with_zalo(**{name: "wrong"})))
    assert isinstance(wrong, Blocked) and wrong.tell and said in wrong.reason
    assert isinstance(send(vinh.zns()), Accepted)


def test_without_any_token_the_setting_is_named(vinh):
    said = send(vinh.zns(settings=vinh.with_zalo(refresh_token="")))
    assert isinstance(said, Blocked) and said.tell and "DONDOC_ZALO_REFRESH_TOKEN" in said.reason


def test_nothing_that_is_shown_or_raised_holds_a_secret(vinh, caplog):
    caplog.set_level("DEBUG")
    channel = vinh.zns()
    shown = [str(send(channel, parcel(channel)))]
    row = vinh.token_row()
    vinh.zalo.fault("/v4/oa/access_token", "drop-after")
    vinh.zalo.fault("/message/template", "code", -124)
    shown += [str(send(channel, parcel(channel))), repr(vinh.settings), repr(channel), repr(channel.api.__dict__)]
    with reading(vinh.engine) as db:
        shown.append(repr(token_state(db, vinh.settings.zalo.app_id)))
    told = "\n".join([*shown, *(record.getMessage() for record in caplog.records if record.name != "sqlalchemy")])
    for secret in (*SECRETS[:4], row.access_token, row.refresh_token):
        assert secret not in told

"""Mail that comes back is read once it is recorded, and never lost before."""

import mailbox
import time

import pytest
import returned_cast as cast
from channel_cast import MORNING, SENDER, digest, mail
from postfix import DEFERRED, LOCAL, OURS, postfix

from channels import dsn, return_address
from channels.mail_folder import MailFolder
from channels.mailbox import receiving
from channels.returned import collect
from channels.smtp import SmtpAddress, send

KEY = b"k" * 32


@pytest.fixture
def maildir(tmp_path):
    return mailbox.Maildir(tmp_path / "returned")


def test_what_is_done_is_not_given_again(maildir, tmp_path):
    folder = tmp_path / "returned"
    maildir.add(cast.report(cast.POSTFIX))
    maildir.add(cast.QMAIL)
    first, second = collect(folder)
    first.done()
    assert [one.key for one in collect(folder)] == [second.key]
    assert first.recipients == (cast.OURS,) and dsn.read(first.content) is not None
    second.done()
    second.done()  # another reader was quicker
    assert list(collect(folder)) == []
    assert len(list((folder / "cur").glob("*:2,S"))) == 2


def test_a_crash_before_it_was_recorded_gives_the_same_mail_again(maildir, tmp_path):
    maildir.add(cast.EXIM)
    before = [one.key for one in collect(tmp_path / "returned")]
    assert [one.key for one in collect(tmp_path / "returned")] == before


def test_a_mail_that_a_person_has_opened_but_not_read_counts(maildir, tmp_path):
    folder = tmp_path / "returned"
    maildir.add(cast.EXIM)
    [path] = (folder / "new").iterdir()
    path.rename(folder / "cur" / f"{path.name}:2,F")
    [one] = collect(folder)
    one.done()
    assert [path.name.partition(":2,")[2] for path in (folder / "cur").iterdir()] == ["FS"]


def test_without_an_envelope_the_letter_says_to_whom(maildir, tmp_path):
    maildir.add(b"To: Phong <a@b.vn>, c@d.vn\r\n\r\n")
    maildir.add(b"\xff\xfe: broken\r\n\r\n")
    assert sorted(one.recipients for one in collect(tmp_path / "returned")) == [(), ("a@b.vn", "c@d.vn")]


def test_of_the_development_mailbox_only_what_came_back(tmp_path):
    folder = MailFolder(tmp_path)
    to = return_address.make(41, OURS, KEY)
    with receiving(folder) as port:
        letters = [(mail().as_bytes(), SENDER, "vanthu@don-vi.test"), (cast.report(cast.POSTFIX), SENDER, to.upper())]
        send([*letters, letters[0]], SmtpAddress("127.0.0.1", port))
    [one] = collect(tmp_path)
    assert return_address.read(one.recipients[0], KEY) == 41
    assert dsn.read(one.content).status == "5.1.1"
    one.done()
    assert list(collect(tmp_path)) == []
    folder.store(cast.QMAIL, sender="", recipients=[to])
    [later] = collect(tmp_path)
    assert later.key != one.key and len(folder.ids()) == 4


def test_a_mailbox_full_of_other_mail_is_looked_through_once(tmp_path):
    folder = MailFolder(tmp_path)
    for _ in range(2000):
        folder.store(b"Subject: x\r\n\r\n", sender="a@b.vn", recipients=["c@d.vn"])
    assert list(collect(tmp_path)) == []
    start = time.perf_counter()
    assert list(collect(tmp_path)) == []
    assert time.perf_counter() - start < 0.1


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(OSError, match="khong-co"):
        list(collect(tmp_path / "khong-co"))


def wait_for(returned, count):
    deadline = time.monotonic() + 20
    while len(list((returned / "new").glob("*"))) < count:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_real_postfix_sends_back_what_it_cannot_deliver(tmp_path):
    with postfix(tmp_path, more="delay_warning_time = 1s\nqueue_run_delay = 1s\nminimal_backoff_time = 1s") as peer:
        letters = [
            (mail(digest(), message_id=f"<{number}@{OURS}>", date=MORNING).as_bytes(),
             return_address.make(number, OURS, KEY), f"van-thu@{domain}")
            for number, domain in ((1, LOCAL), (2, DEFERRED))
        ]  # fmt: skip
        send(letters, SmtpAddress("127.0.0.1", peer.port))
        wait_for(peer.returned, 2)
        found = {return_address.read(one.recipients[0], KEY): dsn.read(one.content) for one in collect(peer.returned)}
    assert {number: told.message_id for number, told in found.items()} == {1: f"<1@{OURS}>", 2: f"<2@{OURS}>"}
    assert (found[1].action, found[1].status, found[1].address_gone) == ("failed", "5.1.1", True)
    assert found[1].recipient == f"van-thu@{LOCAL}" and "unknown user" in found[1].diagnostic
    assert (found[2].action, found[2].permanent) == ("delayed", False)

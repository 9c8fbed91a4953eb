"""What servers send back, as they write it. Written after the habits of each; no address is anybody's."""

OURS = "n.41.abcdefghijklmnop@don-doc.test"
LETTER = "<tb-41@don-doc.test>"

RETURNED_LETTER = f"""\
Return-Path: <{OURS}>
Received: from localhost by relay.test; Sun, 22 Nov 2026 05:12:54 +0000
From: don-doc@don-doc.test
To: vanthu@don-vi.test
Subject: =?utf-8?b?W8SQw7RuIMSR4buRY10=?=
Message-ID: {LETTER}
Date: Thu, 23 Nov 2023 07:30:00 +0700
"""


def report(blocks: str, *, head: str = "", third: str = "message/rfc822", encoding: str = "7bit") -> bytes:
    """A multipart/report whose second part holds `blocks`."""
    return f"""\
Return-Path: <>
Delivered-To: {OURS}
From: Mail Delivery System <MAILER-DAEMON@relay.test>
To: {OURS}
Auto-Submitted: auto-replied
Subject: Undelivered Mail Returned to Sender
Message-Id: <own-id-of-the-report@relay.test>
{head}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=b"

--=b
Content-Type: text/plain; charset=utf-8

Your message could not be delivered.

--=b
Content-Type: message/delivery-status
Content-Transfer-Encoding: {encoding}

{blocks}
--=b
Content-Type: {third}

{RETURNED_LETTER}
--=b--
""".replace("\n", "\r\n").encode()


POSTFIX = """\
Reporting-MTA: dns; relay.test
X-Postfix-Queue-ID: 1858120E406
X-Postfix-Sender: rfc822; n.41.abcdefghijklmnop@don-doc.test
Arrival-Date: Sun, 22 Nov 2026 05:12:54 +0000 (UTC)

Final-Recipient: rfc822; vanthu@don-vi.test
Original-Recipient: rfc822;vanthu@don-vi.test
Action: failed
Status: 5.1.1
Diagnostic-Code: X-Postfix; unknown user: "vanthu"
"""

GMAIL = """\
Reporting-MTA: dns; googlemail.com
Arrival-Date: Sat, 21 Nov 2026 21:12:54 -0800 (PST)

Final-Recipient: rfc822; vanthu@don-vi.test
Action: failed
Status: 5.1.1
Remote-MTA: dns; gmail-smtp-in.l.google.com. (the server for the domain.)
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try
 550-5.1.1 double-checking the recipient's email address for typos or
 550 5.1.1 unnecessary spaces. - gsmtp
Last-Attempt-Date: Sat, 21 Nov 2026 21:12:55 -0800 (PST)
"""

EXCHANGE = """\
Reporting-MTA: dns;SG2PR01MB1234.apcprd01.prod.outlook.com
Received-From-MTA: dns;relay.test
Arrival-Date: Sun, 22 Nov 2026 05:12:54 +0000

Final-Recipient: rfc822;vanthu@don-vi.test
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient vanthu@don-vi.test not found by SMTP
X-Display-Name: =?utf-8?B?VsSDbiB0aMawIFPhu58=?=
"""

DELAYED = """\
Reporting-MTA: dns; relay.test

Final-Recipient: rfc822; vanthu@don-vi.test
Action: delayed
Status: 4.4.1
Diagnostic-Code: smtp; connect to mail.don-vi.test[192.0.2.1]:25: Connection timed out
Will-Retry-Until: Fri, 27 Nov 2026 05:12:54 +0000 (UTC)
"""

GIVEN_UP = DELAYED.replace("Action: delayed", "Action: failed")

QMAIL = f"""\
Return-Path: <>
Delivered-To: {OURS}
From: MAILER-DAEMON@mail.don-vi.test
To: {OURS}
Subject: failure notice
Message-ID: <1700000000.qmail@mail.don-vi.test>

Hi. This is the qmail-send program at mail.don-vi.test.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<vanthu@don-vi.test>:
192.0.2.7 does not like recipient.
Remote host said: 550 5.1.1 No such user here
Giving up on 192.0.2.7.

--- Below this line is a copy of the message.

{RETURNED_LETTER}
""".encode()

EXIM = f"""\
Return-Path: <>
Delivered-To: {OURS}
X-Failed-Recipients: vanthu@don-vi.test
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mail.don-vi.test>
To: {OURS}
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1abc-0001@mail.don-vi.test>

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  vanthu@don-vi.test
    mailbox is full: retry timeout exceeded

------ This is a copy of the message, including all the headers. ------

{RETURNED_LETTER}
""".encode()

VACATION = f"""\
Return-Path: <>
Delivered-To: {OURS}
From: =?utf-8?b?VsSDbiB0aMaw?= <vanthu@don-vi.test>
To: {OURS}
Auto-Submitted: auto-replied (vacation)
Precedence: bulk
Subject: =?utf-8?b?VOG7sSDEkeG7mW5nIHRy4bqjIGzhu51p?=: nghi phep
In-Reply-To: {LETTER}
Message-ID: <vacation@don-vi.test>
Content-Type: text/plain; charset=utf-8

Toi nghi phep den ngay 30/11. Viec gap xin goi 550 123 456.
""".encode()

OUT_OF_OFFICE = f"""\
Return-Path: <>
From: Van thu <vanthu@don-vi.test>
To: {OURS}
Subject: Automatic reply: [Don doc] 2 nhiem vu
X-Auto-Response-Suppress: All
Auto-Submitted: auto-generated
In-Reply-To: {LETTER}

I am out of office; delivery of answers may fail.
""".encode()

CHALLENGE = f"""\
Return-Path: <>
From: Spam guard <guard@don-vi.test>
To: {OURS}
Subject: Please confirm that you are human
X-Autoreply: yes

Press this link to deliver your message.
""".encode()

READ_RECEIPT = f"""\
From: vanthu@don-vi.test
To: {OURS}
Subject: Read: [Don doc]
Content-Type: multipart/report; report-type=disposition-notification; boundary=m

--m
Content-Type: text/plain

Your message was read.
--m
Content-Type: message/disposition-notification

Final-Recipient: rfc822; vanthu@don-vi.test
Original-Message-ID: {LETTER}
Disposition: manual-action/MDN-sent-manually; displayed
--m--
""".encode()

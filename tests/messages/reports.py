"""Letters that mail servers return, as they write them."""

POSTFIX = """Return-Path: <>
From: MAILER-DAEMON@mx.tinh.gov.vn (Mail Delivery System)
To: baro@tinh.gov.vn
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="9B095B5ADSN=_01D9"

This is a MIME-encapsulated message.

--9B095B5ADSN=_01D9
Content-Description: Notification
Content-Type: text/plain; charset=utf-8

This is the mail system at host mx.tinh.gov.vn.

--9B095B5ADSN=_01D9
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.tinh.gov.vn
X-Postfix-Queue-ID: 4F3C1
Arrival-Date: {arrival}

Final-Recipient: rfc822; {address}
{original}Action: {action}
Status: {status}
Remote-MTA: dns; mail.tinh.gov.vn
Diagnostic-Code: {diagnostic}

--9B095B5ADSN=_01D9
Content-Description: Undelivered Message
Content-Type: {kind}

{returned}{body}
--9B095B5ADSN=_01D9--
"""


def report(
    message_id: str, address: str = "lan@tinh.gov.vn", action: str = "failed", status: str = "5.1.1",
    diagnostic: str = "smtp; 550 5.1.1 <lan@tinh.gov.vn>: User unknown", arrival: str = "Thu, 5 May 2022 08:00:02 +0700",
    original: str = "", headers_only: bool = False,
) -> bytes:  # fmt: skip
    """A delivery status notification as Postfix writes it."""
    original = f"Original-Recipient: rfc822;{original}\n" if original else ""
    returned = (
        f"From: Ba =?utf-8?b?UsO1?= <baro@tinh.gov.vn>\nMessage-ID: {message_id}\nSubject: =?utf-8?q?Nh=E1=BA=AFc?=\n"
    )
    kind = "text/rfc822-headers" if headers_only else "message/rfc822"
    body = "" if headers_only else "\nKính gửi\n"
    return POSTFIX.format(
        arrival=arrival, address=address, original=original, action=action, status=status, diagnostic=diagnostic,
        kind=kind, returned=returned, body=body,
    ).encode()  # fmt: skip

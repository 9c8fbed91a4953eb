"""Why a connection to a mail server could not be had, told so that an admin can mend it."""

import socket
import ssl
from collections.abc import Iterator

from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPConnectTimeoutError,
    SMTPException,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from channels import words
from channels.finding import Finding
from channels.headers import printable_line
from channels.smtp_address import SmtpAddress

EXPIRED, NOT_YET, WRONG_NAME, WRONG_IP = 10, 9, 62, 64  # OpenSSL's X509_V_ERR_…


def trouble(address: SmtpAddress, error: BaseException) -> Finding:
    """What went wrong and how to mend it. `error` is a CannotConnect or what caused it."""
    causes = list(_causes(error))
    for kind, tell in (
        (ssl.SSLError, _tls), (socket.gaierror, _name), (ConnectionRefusedError, _refused),
        (SMTPAuthenticationError, _login), (SMTPResponseException, _answer),
        (SMTPConnectTimeoutError, _silent), (SMTPTimeoutError, _silent), (TimeoutError, _silent),
        (SMTPServerDisconnected, _hung_up), (SMTPException, _missing), (OSError, _unreachable),
    ):  # fmt: skip
        found = next((one for one in causes if isinstance(one, kind)), None)
        if found is not None:
            return tell(address, found)
    return Finding(False, words.NOT_CONNECTED.format(server=address, error=printable_line(str(error))))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _tls(address: SmtpAddress, error: BaseException) -> Finding:
    if not isinstance(error, ssl.SSLCertVerificationError):
        return Finding(False, words.TLS_NOT_SPOKEN.format(server=address, error=_said(error)), words.MEND_TLS)
    if error.verify_code == EXPIRED:
        return Finding(False, words.CERTIFICATE_EXPIRED.format(server=address), words.MEND_EXPIRED)
    if error.verify_code == NOT_YET:
        return Finding(False, words.CERTIFICATE_NOT_YET.format(server=address), words.MEND_CLOCK)
    if error.verify_code in (WRONG_NAME, WRONG_IP):
        return Finding(False, words.CERTIFICATE_NAME.format(server=address, host=address.host), words.MEND_NAME)
    said = words.CERTIFICATE_UNKNOWN.format(server=address, error=error.verify_message)
    return Finding(False, said, words.MEND_AUTHORITY)


def _name(address: SmtpAddress, error: BaseException) -> Finding:
    return Finding(False, words.HOST_UNKNOWN.format(host=address.host), words.MEND_HOST)


def _refused(address: SmtpAddress, error: BaseException) -> Finding:
    return Finding(False, words.PORT_CLOSED.format(server=address, port=address.port), words.MEND_PORT)


def _silent(address: SmtpAddress, error: BaseException) -> Finding:
    return Finding(False, words.SERVER_SILENT.format(server=address), words.MEND_SILENT)


def _login(address: SmtpAddress, error: BaseException) -> Finding:
    return Finding(False, words.LOGIN_WRONG.format(server=address, said=_said(error)), words.MEND_LOGIN)


def _answer(address: SmtpAddress, error: BaseException) -> Finding:
    return Finding(False, words.SERVER_REFUSES.format(server=address, said=_said(error)), words.MEND_REFUSES)


def _hung_up(address: SmtpAddress, error: BaseException) -> Finding:
    return Finding(False, words.SERVER_HUNG_UP.format(server=address), words.MEND_HUNG_UP)


def _missing(address: SmtpAddress, error: BaseException) -> Finding:
    text = str(error).lower()
    if "starttls" in text and "auth" not in text:
        return Finding(False, words.NO_STARTTLS.format(server=address), words.MEND_STARTTLS)
    if "auth" in text:
        return Finding(False, words.NO_LOGIN.format(server=address), words.MEND_NO_LOGIN)
    return Finding(False, words.NOT_CONNECTED.format(server=address, error=_said(error)))


def _unreachable(address: SmtpAddress, error: BaseException) -> Finding:
    return Finding(False, words.NOT_CONNECTED.format(server=address, error=_said(error)), words.MEND_PORT)


def _said(error: BaseException) -> str:
    if isinstance(error, SMTPResponseException):
        return f"{error.code} {printable_line(error.message)}"
    return printable_line(str(error))

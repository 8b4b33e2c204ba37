"""aiosmtpd as a mail server that prints what it gets: [user password]."""
import email
import email.policy
import socket
import sys
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


class Keep:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        m = email.message_from_bytes(envelope.content, policy=email.policy.default)
        print("from", envelope.mail_from, "to", ",".join(envelope.rcpt_tos), "subject", m["Subject"], flush=True)
        for part in m.walk():
            if not part.is_multipart():
                content = part.get_content().replace("\r\n", "\n")  # versions of Python differ there
                print("part", part.get_content_type(), part.get_filename() or "-", repr(content), flush=True)
        return "250 kept"


def check(server, session, envelope, mechanism, data):
    ok = isinstance(data, LoginPassword) and [data.login.decode(), data.password.decode()] == sys.argv[1:]
    return AuthResult(success=ok, handled=False)


options = {"authenticator": check, "auth_required": True, "auth_require_tls": False} if len(sys.argv) > 2 else {}
controller = Controller(Keep(), hostname="127.0.0.1", port=0, **options)


def trigger():
    """Its own trigger connects to the port it was told, which 0 is not."""
    with socket.create_connection(controller.server.sockets[0].getsockname()[:2], 5) as client:
        client.recv(1024)


controller._trigger_server = trigger
controller.start()
print("listening on port", controller.server.sockets[0].getsockname()[1], flush=True)
threading.Event().wait()

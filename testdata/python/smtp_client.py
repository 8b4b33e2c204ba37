"""Python's smtplib against a mail server: PORT [user password] [tls]."""
import smtplib
import ssl
import sys
from email.message import EmailMessage

port, args = int(sys.argv[1]), sys.argv[2:]
message = EmailMessage()
message["From"], message["To"], message["Subject"] = "ann@example.org", "bob@example.org", "grüße"
message.set_content("Dear Bob,\n.dot\n..two\n.\nend ä\n")
message.add_attachment(bytes(range(256)) * 50, maintype="application", subtype="octet-stream", filename="b.bin")

with smtplib.SMTP("127.0.0.1", port, timeout=15) as s:
    s.ehlo("client.example")
    if "tls" in args:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        s.starttls(context=context)
        s.ehlo("client.example")
    if args and args[0] != "tls":
        for mechanism in (s.auth_plain, s.auth_login):
            try:
                s.user, s.password = args[0], "wrong"
                s.auth(mechanism.__name__[5:].upper(), mechanism)
                sys.exit("a wrong password is taken")
            except smtplib.SMTPAuthenticationError as e:
                assert e.smtp_code == 535, e
        s.login(args[0], args[1])
    refused = s.send_message(message, to_addrs=["bob@example.org", "nobody@example.org"])
    assert list(refused) == ["nobody@example.org"] and refused["nobody@example.org"][0] == 550, refused
    try:
        s.sendmail("ann@example.org", ["nobody@example.org"], "x")
        sys.exit("sent to nobody")
    except smtplib.SMTPRecipientsRefused:
        pass
    assert s.noop()[0] == 250 and s.rset()[0] == 250 and s.verify("bob")[0] == 252
    assert s.docmd("WHAT")[0] == 500
print("fine")

"""Python's ftplib against a file server: PORT passive|active [tls]."""
import ftplib
import io
import ssl
import sys

port, active, tls = int(sys.argv[1]), sys.argv[2] == "active", "tls" in sys.argv
data = bytes(range(256)) * 2000
if tls:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    f = ftplib.FTP_TLS(context=context, timeout=15)
else:
    f = ftplib.FTP(timeout=15)
f.connect("127.0.0.1", port)
f.login()
if tls:
    f.prot_p()
f.set_pasv(not active)

f.storbinary("STOR data.bin", io.BytesIO(data))
got = io.BytesIO()
f.retrbinary("RETR data.bin", got.write)
assert got.getvalue() == data
f.voidcmd("TYPE I")
assert f.size("data.bin") == len(data)

got = io.BytesIO()  # from an offset on
f.retrbinary("RETR data.bin", got.write, rest=300_000)
assert got.getvalue() == data[300_000:]
f.storbinary("STOR data.bin", io.BytesIO(data[100_000:]), rest=100_000)
f.storbinary("APPE data.bin", io.BytesIO(b"end"))
got = io.BytesIO()
f.retrbinary("RETR data.bin", got.write)
assert got.getvalue() == data + b"end"

f.storlines("STOR text.txt", io.BytesIO(b"one\ntwo\n"))
lines = []
f.retrlines("RETR text.txt", lines.append)
assert lines == ["one", "two"], lines

f.mkd("sub")
f.cwd("sub")
assert f.pwd() == "/sub"
f.cwd("..")
assert sorted(f.nlst()) == ["data.bin", "readme.txt", "sub", "text.txt"], f.nlst()
assert dict(f.mlsd())["sub"]["type"] == "dir"
lines = []
f.dir(lines.append)
assert any(line.startswith("d") and line.endswith(" sub") for line in lines), lines

for name in ("../etc/passwd", "/../../etc/passwd", "..%2f..%2fetc/passwd", "....//etc/passwd", "/etc/passwd", "..\\..\\etc\\passwd", "sub/../../../etc/passwd"):
    for command in ("RETR", "SIZE", "MDTM", "MLST", "CWD", "DELE", "RMD", "RNFR", "STOR"):
        try:
            f.voidcmd("TYPE I")
            if command in ("RETR", "STOR"):
                f.transfercmd(command + " " + name + "/x" * (command == "STOR")).close()
            else:
                f.sendcmd(command + " " + name)
            sys.exit(command + " " + name + " is taken")
        except ftplib.error_perm as e:
            assert str(e).startswith("550"), e
try:
    f.sendcmd("PORT 10,0,0,1,40,0")
    sys.exit("it would connect to others")
except ftplib.error_perm as e:
    assert str(e).startswith("504"), e

f.rename("text.txt", "new.txt")
f.delete("new.txt")
f.rmd("sub")
f.quit()
print("fine")

"""pyftpdlib as a file server: FOLDER, for ann with the password secret."""
import logging
import sys

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer

logging.basicConfig(level=logging.ERROR)
authorizer = DummyAuthorizer()
authorizer.add_user("ann", "secret", sys.argv[1], perm="elradfmwMT")


class Handler(FTPHandler):
    pass


Handler.authorizer = authorizer
server = FTPServer(("127.0.0.1", 0), Handler)
print("listening on port", server.address[1], flush=True)
server.serve_forever()

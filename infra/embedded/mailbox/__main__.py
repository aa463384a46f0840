"""Run the mailbox: ``python -m infra.embedded.mailbox FOLDER SMTP_PORT WEB_PORT``."""

import signal
import sys
from pathlib import Path

from infra.embedded.mailbox.inbox import inbox_server
from infra.embedded.mailbox.smtp import mail_server
from infra.embedded.mailbox.store import Store


def main(folder: str, smtp_port: str, web_port: str) -> None:
    """Serve until SIGTERM."""
    store = Store(Path(folder))
    smtp = mail_server(store, int(smtp_port))
    smtp.start()
    web = inbox_server(store, int(web_port))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        web.serve_forever()
    finally:
        web.server_close()
        smtp.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])

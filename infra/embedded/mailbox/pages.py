"""The inbox as HTML: no script, no external part."""

import re
from collections.abc import Sequence
from html import escape

from infra.embedded.mailbox.store import Mail

LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")

STYLE = """
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 52rem; margin: 0 auto; padding: 1.5rem 1rem }
header { display: flex; gap: 1rem; align-items: baseline; justify-content: space-between }
h1 { font-size: 1.5rem; margin: 0 0 1rem; overflow-wrap: anywhere }
ul { list-style: none; margin: 0; padding: 0 }
li { border-top: 1px solid #8886 }
li a { color: CanvasText; display: block; padding: .75rem 0; text-decoration: none; overflow-wrap: anywhere }
li a:hover strong, li a:focus strong { text-decoration: underline }
li strong { color: LinkText }
small { display: block }
button { font: inherit; padding: .25rem .75rem }
dl { display: grid; grid-template-columns: auto 1fr; gap: 0 1rem }
dd { margin: 0; overflow-wrap: anywhere }
pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere;
      border-top: 1px solid #8886; padding-top: 1rem }
iframe { width: 100%; height: 36rem; border: 1px solid #8886; background: #fff }
"""


def inbox(mails: Sequence[Mail]) -> str:
    """All mails, newest first."""
    if not mails:
        return _page("Mailbox", "<h1>Mailbox</h1><p>No mail yet.</p>")
    entries = "".join(_entry(mail) for mail in mails)
    delete = '<form method="post" action="/delete-all"><button>Delete all</button></form>'
    return _page(
        f"Mailbox ({len(mails)})", f"<header><h1>Mailbox</h1>{delete}</header><ul>{entries}</ul>"
    )


def mail(mail: Mail) -> str:
    """One mail, with links that can be followed."""
    subject = escape(mail.header("Subject") or "(no subject)")
    facts = {
        "From": mail.header("From"),
        "To": ", ".join(mail.recipients),
        "Received": f"{mail.received_at:%d %B %Y, %H:%M:%S} UTC",
    }
    listed = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    text = f"<pre>{with_links(mail.text)}</pre>" if mail.text else ""
    # Its scripts and forms stay off; its links open where a person can see the address.
    html = (
        '<iframe title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" '
        f'srcdoc="{escape(mail.html)}"></iframe>'
        if mail.html
        else ""
    )
    back = '<p><a href="/">All mails</a></p>'
    return _page(subject, f"{back}<h1>{subject}</h1><dl>{listed}</dl>{text}{html}")


def not_found() -> str:
    """The mail is not there, or not any more."""
    body = '<h1>No such mail</h1><p><a href="/">All mails</a></p>'
    return _page("No such mail", body)


def with_links(text: str) -> str:
    """Plain text as HTML whose addresses can be followed."""
    parts, end = [], 0
    for link in LINK.finditer(text):
        address = escape(link[0])
        parts += [escape(text[end : link.start()]), f'<a href="{address}">{address}</a>']
        end = link.end()
    return "".join([*parts, escape(text[end:])])


def _entry(mail: Mail) -> str:
    subject = escape(mail.header("Subject") or "(no subject)")
    to = escape(", ".join(mail.recipients))
    return (
        f'<li><a href="/mails/{mail.name}"><strong>{subject}</strong>'
        f"<small>to {to}, {mail.received_at:%H:%M:%S} UTC</small></a></li>"
    )


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body><main>{body}</main></body></html>"
    )

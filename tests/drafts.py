"""Drafts for tests."""

import json
from typing import Any
from uuid import UUID, uuid4

from core.actors import Actor
from core.identifiers import uuid7
from safeguarding.models import Draft
from safeguarding.selectors.drafts import OpenedDraft, opened_draft
from safeguarding.services import drafts
from safeguarding.services.drafts import Typed, author_pass
from safeguarding.terms import DraftForm, Kept


def keep(
    given: str, *, actor: Actor | None = None, form: str = "incident", **more: Any
) -> Kept | None:
    """Keep a draft as the holder of a pass does."""
    actor = actor or Actor()
    author = drafts.author_named(given, actor)
    if author is None:
        return None
    more = {"submission": uuid7(), "fields": {"text": ["x"]}, **more}
    return drafts.keep_draft(actor=actor, author=author, typed=Typed(form=DraftForm(form), **more))


def newest(actor: Any, *, form: str = "incident", about: UUID | None = None) -> OpenedDraft | None:
    """Return what the newest draft of a person holds, if it opens for them."""
    own = Draft.objects.filter(author_id=actor.staff_id, form=form, about=about)
    row = own.order_by("saved_at", "id").last()
    asked = row.submission if row else None
    return opened_draft(actor, asked, form=DraftForm(form), about=about)


class Tab:
    """A page on which somebody types, as its script saves it."""

    def __init__(self, client: Any, actor: Any, *, submission: Any = None, after: str = "") -> None:
        self.client, self.submission = client, submission or uuid7()
        self.facts = {
            "form": "incident",
            "about": "",
            "author_pass": author_pass(actor),
            "page": str(uuid4()),
            "after": after,
        }
        self.number = 0

    def save(self, text: str, **more: Any) -> Any:
        """Save what was typed so far."""
        self.number += 1
        fields = {"text": [text], **more.pop("fields", {})}
        facts = {**self.facts, "number": self.number, "submission": str(self.submission)}
        body = json.dumps({**facts, "fields": fields, **more})
        return self.client.post("/drafts/save/", body, content_type="application/json")

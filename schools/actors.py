"""A member of staff who acts."""

from dataclasses import dataclass, field
from uuid import UUID

from core.actors import Actor
from schools.policies import Reader
from schools.selectors import nobody


@dataclass(frozen=True, kw_only=True)
class StaffActor(Actor):
    """Who acts at a school, with what the policies know of them.

    Attributes:
        staff_ref: Public reference of the member of staff, None when nobody is logged in.
        name: How the person is shown on their own pages.
    """

    reader: Reader = field(default_factory=nobody)
    staff_ref: UUID | None = None
    name: str = ""

    @property
    def staff_id(self) -> int:
        """Row id of the member of staff.

        Raises:
            LookupError: Nobody is logged in; a policy was not asked.
        """
        if self.reader.staff_id is None:
            raise LookupError("Nobody is logged in.")
        return self.reader.staff_id

"""What is done to a school's tickets by the clock."""

from celery import shared_task

from core.school_tasks import school_task
from support.services import retention
from tenants.selectors import open_schools


@school_task(name="support.forget_tickets")
def forget_tickets() -> int:
    """Forget the school's tickets and official requests whose time is over; return how many."""
    return retention.forget_tickets() + retention.forget_official()


@shared_task(name="support.forget_tickets_everywhere", ignore_result=True)
def forget_tickets_everywhere() -> int:
    """Ask for that in each open school; return their number."""
    schools = open_schools()
    for school in schools:
        forget_tickets.delay(str(school.ref))
    return len(schools)

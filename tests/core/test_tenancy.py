"""One school at a time, whatever goes wrong in between."""

import threading
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy

import psycopg
import pytest
from django.db import DatabaseError, ProgrammingError, connection, connections, transaction
from django.test import Client

from core.accounts.models import User
from core.tenancy import (
    NoSchool,
    current_school,
    current_zone,
    in_control_plane,
    in_school,
    is_school,
    place,
)
from schools.models import Student
from tenants.services.walls import raise_walls

pytestmark = pytest.mark.isolation


def place_in_database(wrapper=connection):
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT concat_ws(': ', current_user, current_setting('search_path'))")
        return cursor.fetchone()[0].replace('"', "")


def path_of(school):
    return f"{school.schema_name}: {school.schema_name}, extensions"


CONTROL_PLANE = "control_plane: public, extensions"
NOBODY = "safeguarding: "


def test_a_school_is_chosen_for_the_block_and_no_longer(school_a, school_b):
    with in_control_plane():
        with in_school(school_a):
            assert current_school().ref == school_a.ref
            assert place() == str(school_a.ref)
            with in_school(school_b):
                assert current_school().ref == school_b.ref
                assert place_in_database() == path_of(school_b)
            assert current_school().ref == school_a.ref
            assert place_in_database() == path_of(school_a)
            assert str(current_zone()) == school_a.time_zone
        assert place_in_database() == CONTROL_PLANE
        assert place() == "control-plane"


def test_t09_without_a_school_there_is_none(db):
    with in_control_plane():
        for ask in (current_school, current_zone):
            with pytest.raises(NoSchool):
                ask()
        with pytest.raises(ProgrammingError), transaction.atomic():
            Student.objects.count()


@pytest.mark.parametrize("nothing", [None, object(), "greenwood"])
def test_t09_only_a_school_can_be_chosen(nothing, db):
    assert not is_school(nothing)
    with in_control_plane(), pytest.raises(NoSchool), in_school(nothing):
        pass


@pytest.mark.parametrize("fault", [KeyError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_t09_after_an_exception_the_thread_is_where_it_was(fault, school_a, school_b):
    with in_control_plane():
        with pytest.raises(fault), in_school(school_a):
            raise fault
        with pytest.raises(NoSchool):
            current_school()
        with in_school(school_a):
            with pytest.raises(fault), in_school(school_b):
                raise fault
            assert current_school().ref == school_a.ref
            assert place_in_database() == path_of(school_a)


def test_t09_a_school_with_an_unknown_time_zone_is_not_half_chosen(school_a):
    broken = deepcopy(school_a)
    broken.time_zone = "Europe/Atlantis"
    with in_control_plane():
        with pytest.raises(Exception, match="Atlantis"), in_school(broken):
            pass
        assert place_in_database() == CONTROL_PLANE


def test_t09_a_new_thread_is_in_no_school(school_a):
    found = []

    def look():
        try:
            found.append(current_school())
        except NoSchool:
            found.append(None)
        connections.close_all()

    with in_school(school_a):
        assert current_school().ref == school_a.ref
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert found == [None]


@pytest.fixture
def half_made(school_a, owner):
    """A school whose schema holds nothing yet."""
    half = deepcopy(school_a)
    half.schema_name = "s_halfmade"
    owner.execute("CREATE SCHEMA IF NOT EXISTS s_halfmade")
    raise_walls(half.schema_name)
    yield half
    owner.execute("DROP SCHEMA s_halfmade CASCADE")


def test_t11_a_table_that_is_missing_in_a_school_is_never_publics(school_a, half_made):
    with in_control_plane():
        User.objects.create_user(email="ops@platform.example")
        assert User.objects.filter(email="ops@platform.example").exists()
    with in_school(school_a):
        assert User.objects.count() > 0
        assert not User.objects.filter(email="ops@platform.example").exists()
    with in_school(half_made):
        for model in (User, Student):
            with pytest.raises(ProgrammingError, match="does not exist"), transaction.atomic():
                model.objects.count()


@pytest.fixture
def borrowed(db):
    """Borrow the one connection of a pool of one, as a thread does; outside any transaction."""
    wrappers = []
    settings = deepcopy(connection.settings_dict)
    settings["OPTIONS"]["pool"] |= {"min_size": 1, "max_size": 1}

    def borrow():
        wrappers.append(type(connections["default"])(deepcopy(settings), alias="pool_of_one"))
        return wrappers[-1]

    yield borrow
    for wrapper in wrappers:
        wrapper.close()
    # Once the pool has the connection back; else it would outlive the pool.
    last = wrappers[0].pool.getconn()
    wrappers[0].close_pool()
    last.close()


def backend(wrapper):
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def first_address(wrapper):
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT email FROM accounts_user ORDER BY id LIMIT 1")
        return cursor.fetchone()[0]


def test_t10_a_connection_handed_on_starts_from_no_school(schools, borrowed):
    ours, theirs = schools.values()
    first = borrowed()
    first.set_tenant(ours, include_public=False)
    assert first_address(first) == "head@greenwood.example"
    process = backend(first)
    first.close()

    bare = first.pool.getconn()
    assert bare.execute("SELECT current_user").fetchone()[0] == "safeguarding"
    assert bare.execute("SHOW search_path").fetchone()[0] == ""
    with pytest.raises(psycopg.errors.UndefinedTable):
        bare.execute("SELECT email FROM accounts_user")
    first.pool.putconn(bare)

    second = borrowed()
    second.set_tenant(theirs, include_public=False)
    assert backend(second) == process
    assert first_address(second) == "head@hillside.example"
    second.close()
    third = borrowed()
    assert place_in_database(third) == NOBODY


def test_t10_a_connection_left_within_a_transaction_is_handed_on_clean(schools, borrowed):
    ours, theirs = schools.values()
    first = borrowed()
    first.set_tenant(ours, include_public=False)
    first.set_autocommit(False)
    assert first_address(first) == "head@greenwood.example"
    with pytest.raises(DatabaseError), first.cursor() as cursor:
        cursor.execute("SELECT 1/0")
    first.close()
    second = borrowed()
    second.set_tenant(theirs, include_public=False)
    assert first_address(second) == "head@hillside.example"


def test_t10_a_broken_connection_is_replaced_by_one_in_the_right_school(
    schools, borrowed, services
):
    ours, theirs = schools.values()
    first = borrowed()
    first.set_tenant(ours, include_public=False)
    process = backend(first)
    with psycopg.connect(services.postgres.superuser_url) as superuser:
        superuser.execute("SELECT pg_terminate_backend(%s)", [process])
    with pytest.raises(DatabaseError):
        backend(first)
    first.close()
    second = borrowed()
    second.set_tenant(theirs, include_public=False)
    assert first_address(second) == "head@hillside.example"
    assert backend(second) != process


@pytest.mark.parametrize("ending", ["rollback", "commit", "savepoint"])
def test_t09_a_failed_transaction_does_not_bring_the_school_before_back(schools, borrowed, ending):
    ours, theirs = schools.values()
    wrapper = borrowed()
    wrapper.set_tenant(ours, include_public=False)
    assert first_address(wrapper) == "head@greenwood.example"
    wrapper.set_autocommit(False)
    savepoint = wrapper.savepoint()
    wrapper.set_tenant(theirs, include_public=False)
    assert first_address(wrapper) == "head@hillside.example"
    with pytest.raises(DatabaseError), wrapper.cursor() as cursor:
        cursor.execute("SELECT 1/0")
    if ending == "savepoint":
        wrapper.savepoint_rollback(savepoint)
    else:
        getattr(wrapper, ending)()
        wrapper.set_autocommit(True)
    assert first_address(wrapper) == "head@hillside.example"


def test_t23_two_hundred_readings_at_once_each_see_their_own_school(schools, db):
    def look(number):
        school = list(schools.values())[number % 2]
        with in_school(school):
            found = list(User.objects.values_list("email", flat=True))
        connection.close()
        return school.slug, found

    with ThreadPoolExecutor(8) as threads:
        for slug, found in threads.map(look, range(200)):
            assert found == [f"head@{slug}.example"]


def test_t23_requests_at_once_each_answer_for_their_own_school(schools, db):
    def look(number):
        ours, theirs = list(schools.values())[:: 1 if number % 2 else -1]
        text = Client(HTTP_HOST=ours.host).get("/login/").text
        connection.close()
        return ours.name in text and theirs.name not in text

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(look, range(200)))

"""PostgreSQL's own walls, tried by hand as the application's own database user."""

import inspect
from copy import deepcopy
from types import SimpleNamespace

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, ProgrammingError, connection, transaction
from psycopg import errors, sql

from core.database import base
from core.database.base import refuse_pooler
from core.tenancy import in_control_plane, in_school, nowhere
from schools.models import Student
from tenants.models import School
from tenants.selectors import school_at, school_of
from tenants.services.walls import FOR_CONTROL_PLANE, FOR_NOBODY, raise_walls
from tests.architecture.sources import files, module_of

pytestmark = pytest.mark.isolation
APPLICATION, OWNER, CONTROL_PLANE = "safeguarding", "safeguarding_owner", "control_plane"
ROWS = {"SELECT", "INSERT", "UPDATE", "DELETE"}
#: What a place's own role may do where it may not do everything.
LESS = {
    "audit_auditentry": {"SELECT", "INSERT"},
    "audit_auditseal": {"SELECT", "INSERT"},
    "django_migrations": {"SELECT"},
    "tenants_blueprint": {"SELECT"},
}


@pytest.fixture
def by_hand(services):
    """The application's own user at psql."""
    with psycopg.connect(services.postgres.url, autocommit=True) as connection:
        yield connection


#: Everything that can be done to a table, with its full name.
STATEMENTS = [
    "SELECT count(*) FROM {}",
    "INSERT INTO {} DEFAULT VALUES",
    "UPDATE {} SET id = id",
    "DELETE FROM {}",
    "TRUNCATE {}",
    "DO $$ BEGIN LOCK TABLE {} IN ACCESS SHARE MODE; END $$",
    "COPY {} TO STDOUT",
    "ALTER TABLE {} DISABLE TRIGGER ALL",
    "DROP TABLE {}",
    "CREATE VIEW extensions.peep AS SELECT * FROM {}",
    "CREATE TRIGGER peep AFTER INSERT ON {} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "GRANT SELECT ON {} TO PUBLIC",
]


def run(by_hand, statement, schema, table):
    by_hand.execute(sql.SQL(statement).format(sql.Identifier(schema, table)))


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("table", ["safeguarding_incident", "accounts_user", "django_session"])
def test_t12_a_school_reaches_no_row_of_another(statement, table, schools, by_hand):
    ours, theirs = schools.values()
    by_hand.execute("SELECT set_config('role', %s, false)", [ours.schema_name])
    run(by_hand, STATEMENTS[0], ours.schema_name, table)
    with pytest.raises(errors.InsufficientPrivilege, match="denied for schema"):
        run(by_hand, statement, theirs.schema_name, table)


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("table", ["tenants_school", "tenants_domain", "accounts_user"])
def test_t12_a_school_reaches_nothing_in_public_not_even_keysets(
    statement, table, schools, by_hand
):
    ours, _ = schools.values()
    by_hand.execute("SET ROLE control_plane")
    run(by_hand, STATEMENTS[0], "public", table)
    by_hand.execute("SELECT set_config('role', %s, false)", [ours.schema_name])
    with pytest.raises(errors.InsufficientPrivilege, match="denied for schema"):
        run(by_hand, statement, "public", table)


@pytest.mark.parametrize("role", ["", "control_plane"])
@pytest.mark.parametrize("statement", STATEMENTS)
def test_t12_neither_nobody_nor_the_control_plane_reaches_a_schools_rows(
    role, statement, schools, by_hand
):
    ours, _ = schools.values()
    by_hand.execute("SELECT set_config('role', %s, false)", [role or "none"])
    with pytest.raises(errors.InsufficientPrivilege, match="denied for schema"):
        run(by_hand, statement, ours.schema_name, "safeguarding_incident")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT public.school_at('hillside.localhost')",
        "SELECT public.schools_with_due_events()",
        "CREATE TABLE peep (id int)",
        "CREATE TEMPORARY TABLE safeguarding_incident (id int)",
        "CREATE SCHEMA peep",
        "CREATE ROLE peep",
        "CREATE FUNCTION extensions.peep() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER ROLE safeguarding SUPERUSER",
        "SET SESSION AUTHORIZATION postgres",
        "SET ROLE safeguarding_owner",
        "SET session_replication_role = replica",
        "SELECT pg_read_file('PG_VERSION')",
        "COPY (SELECT 1) TO '/dev/null'",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT rolpassword FROM pg_authid",
    ],
)
@pytest.mark.parametrize("role", ["a school", "nobody"])
def test_t12_there_is_no_way_up(statement, role, schools, by_hand):
    ours, _ = schools.values()
    if role == "a school":
        by_hand.execute("SELECT set_config('role', %s, false)", [ours.schema_name])
    elif "school_at" in statement:
        assert by_hand.execute(statement).fetchone()
        return
    with pytest.raises(errors.InsufficientPrivilege):
        by_hand.execute(statement)


def test_t09_who_chose_no_school_reaches_no_table(school_a):
    with in_school(school_a):
        assert Student.objects.count() == 0
    with nowhere():
        for model in (Student, School):
            with pytest.raises(ProgrammingError), transaction.atomic():
                model.objects.count()
        table = sql.Identifier(school_a.schema_name, "schools_student")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(sql.SQL("SELECT FROM {}").format(table).as_string())


def test_a_school_is_found_by_host_and_by_reference_without_any_power(school_a):
    with nowhere():
        assert school_at(school_a.host) == school_of(school_a.ref) == school_a
        assert school_at("nowhere.localhost") is None
        assert bytes(school_of(school_a.ref).text_keyset) == bytes(school_a.text_keyset)


def test_t09_where_a_role_cannot_be_taken_nothing_is_read_as_the_school_before(school_a):
    unknown = deepcopy(school_a)
    unknown.schema_name = "s_nobodys"
    with in_school(school_a):
        assert Student.objects.count() == 0
        refused = pytest.raises(DatabaseError, match="s_nobodys")
        with refused, transaction.atomic(), in_school(unknown):
            Student.objects.count()
        assert Student.objects.count() == 0


# What the catalogue says of every schema, table, function and role


def everything(owner, ask):
    return owner.execute(ask).fetchall()


def test_every_table_serves_its_own_role_alone_with_exactly_what_it_needs(schools, owner):
    granted = everything(
        owner,
        "SELECT nspname, relname, relkind, pg_get_userbyid(relowner),"
        "  coalesce(array_agg(grantee || ':' || privilege) FILTER (WHERE grantee IS NOT NULL), '{}')"
        " FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
        " LEFT JOIN LATERAL (SELECT CASE grantee WHEN 0 THEN 'PUBLIC'"
        "   ELSE pg_get_userbyid(grantee) END AS grantee, privilege_type AS privilege"
        "   FROM aclexplode(relacl) WHERE grantee <> relowner) AS acl ON true"
        " WHERE (nspname = 'public' OR nspname LIKE 's\\_%') AND relkind IN ('r', 'p', 'v', 'm', 'S')"
        " GROUP BY 1, 2, 3, 4",
    )
    tables = [row for row in granted if row[2] == "r"]
    assert len(tables) > 80
    for schema, table, kind, who, privileges in granted:
        role = CONTROL_PLANE if schema == "public" else schema
        wanted = {"USAGE"} if kind == "S" else LESS.get(table, ROWS)
        assert who == OWNER, (schema, table)
        assert set(privileges) == {f"{role}:{one}" for one in wanted}, (schema, table)


def test_every_schema_is_open_to_its_own_role_alone(schools, owner):
    found = everything(
        owner,
        "SELECT nspname, array_agg(CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee)"
        " END || ':' || privilege_type) FROM pg_namespace, aclexplode(nspacl)"
        " WHERE grantee <> nspowner AND (nspname = 'public' OR nspname LIKE 's\\_%') GROUP BY 1",
    )
    assert len(found) >= 3
    for schema, privileges in found:
        roles = {APPLICATION, CONTROL_PLANE} if schema == "public" else {schema}
        assert set(privileges) == {f"{role}:USAGE" for role in roles}


def test_functions_that_see_more_than_one_school_are_few_and_listed(schools, owner):
    found = everything(
        owner,
        "SELECT p.oid::regprocedure::text, prosecdef, proconfig,"
        "  array(SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END"
        "    FROM aclexplode(coalesce(proacl, acldefault('f', proowner)))"
        "    WHERE grantee <> proowner)"
        " FROM pg_proc p WHERE pronamespace = 'public'::regnamespace OR prosecdef",
    )
    with_power = {name: (config, who) for name, definer, config, who in found if definer}
    assert set(with_power) == {*FOR_NOBODY, *FOR_CONTROL_PLANE}
    for name, (config, who) in with_power.items():
        assert config == ["search_path=pg_catalog, pg_temp"], name
        assert who == [APPLICATION if name in FOR_NOBODY else CONTROL_PLANE], name


def test_the_application_owns_nothing_inherits_nothing_and_may_become_each_place(schools, owner):
    names = [school.schema_name for school in schools.values()]
    owned = everything(
        owner,
        "SELECT 'class', relname FROM pg_class WHERE pg_get_userbyid(relowner) <> ALL(ARRAY["
        "  'postgres', 'safeguarding_owner'])"
        " UNION ALL SELECT 'schema', nspname FROM pg_namespace WHERE pg_get_userbyid(nspowner)"
        "  IN ('safeguarding', 'control_plane') OR pg_get_userbyid(nspowner) LIKE 's\\_%'"
        " UNION ALL SELECT 'function', proname FROM pg_proc WHERE pg_get_userbyid(proowner)"
        "  NOT IN ('postgres', 'safeguarding_owner')",
    )
    assert owned == []
    members = everything(
        owner,
        "SELECT pg_get_userbyid(roleid), pg_get_userbyid(member), inherit_option, set_option,"
        " admin_option FROM pg_auth_members WHERE roleid >= 16384",
    )
    becoming = {
        role: (inherits, sets, grants)
        for role, member, inherits, sets, grants in members
        if member != OWNER
    }
    assert {CONTROL_PLANE, *names} <= set(becoming)
    assert set(becoming.values()) == {(False, True, False)}
    assert {member for _, member, *_ in members} == {APPLICATION, OWNER}
    # The owner may grant the roles, and needs not be them.
    assert not any(inherits or sets for _, who, inherits, sets, _ in members if who == OWNER)
    powers = everything(
        owner,
        "SELECT rolname FROM pg_roles WHERE (rolsuper OR rolcreaterole OR rolcreatedb"
        " OR rolbypassrls OR rolreplication OR rolinherit) AND rolname NOT LIKE 'pg\\_%'",
    )
    assert {name for (name,) in powers} == {"postgres", OWNER}


def test_raising_the_walls_again_changes_nothing(db, schools, owner):
    ask = "SELECT oid, relacl FROM pg_class WHERE relname NOT LIKE 'pg\\_%' ORDER BY oid"
    before = everything(owner, ask)
    for school in schools.values():
        raise_walls(school.schema_name)
    raise_walls("public")
    after = dict(everything(owner, ask))
    assert {oid: set(acl or ()) for oid, acl in before} == {
        oid: set(after[oid] or ()) for oid, _ in before
    }


def test_a_table_that_a_migration_adds_is_its_schools_at_once(schools, owner, by_hand):
    ours, theirs = schools.values()
    where = sql.Identifier(ours.schema_name, "added")
    owner.execute(sql.SQL("CREATE TABLE {} (id int)").format(where))
    try:
        for role, may in ((ours.schema_name, True), (theirs.schema_name, False)):
            by_hand.execute("SELECT set_config('role', %s, false)", [role])
            if may:
                run(by_hand, STATEMENTS[0], ours.schema_name, "added")
            else:
                with pytest.raises(errors.InsufficientPrivilege):
                    run(by_hand, STATEMENTS[0], ours.schema_name, "added")
    finally:
        owner.execute(sql.SQL("DROP TABLE {}").format(where))


# The switch


def test_role_and_path_are_taken_in_one_round_trip(school_a, django_assert_num_queries):
    with in_school(school_a), django_assert_num_queries(3) as captured:
        Student.objects.count()
        Student.objects.count()
    switch, *reads = [one["sql"] for one in captured.captured_queries]
    assert switch.count("set_config") == 2
    assert not any("set_config" in one for one in reads)


def test_t13_only_the_backend_takes_roles():
    taking = {
        module_of(path)
        for path in files(".py")
        if any(
            words in path.read_text(encoding="utf-8").lower()
            for words in ("set role", "set_config", "reset role", "session authorization")
        )
    }
    # The record's trigger writes where its table is, within its own call.
    assert taking == {"core.database.base", "core.database.places", "core.audit.guards"}


def test_t10_a_pooler_between_us_and_the_database_is_refused(by_hand):
    refuse_pooler(by_hand)

    # PgBouncer greets with a process number of its own.
    pooled = SimpleNamespace(execute=by_hand.execute, info=SimpleNamespace(backend_pid=1))
    with pytest.raises(ImproperlyConfigured, match="pooler"):
        refuse_pooler(pooled)
    assert "refuse_pooler(" in inspect.getsource(base.DatabaseWrapper._configure_connection)


def test_the_control_plane_may_still_do_its_work(school_a):
    with in_control_plane():
        assert School.objects.filter(ref=school_a.ref).update(name=school_a.name) == 1

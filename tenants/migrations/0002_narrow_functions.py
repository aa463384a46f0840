"""What leads to a school, and nothing more: functions that the application may call as nobody."""

from django.db import migrations

CREATE = """
CREATE FUNCTION public.school_at(host text) RETURNS SETOF public.tenants_school
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT school.* FROM public.tenants_school AS school
    JOIN public.tenants_domain AS domain ON domain.tenant_id = school.id
    WHERE domain.domain = host
$$;

CREATE FUNCTION public.school_of(its_ref uuid) RETURNS SETOF public.tenants_school
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT * FROM public.tenants_school WHERE ref = its_ref
$$;

-- One damaged schema must not stop the others' events: it is passed over with a warning.
CREATE FUNCTION public.schools_with_due_events() RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    school record;
    is_due boolean;
BEGIN
    FOR school IN
        SELECT ref, schema_name FROM public.tenants_school WHERE state = 'open' ORDER BY id
    LOOP
        BEGIN
            EXECUTE format(
                'SELECT EXISTS (SELECT FROM %I.outbox_outboxevent'
                ' WHERE done_at IS NULL AND parked_at IS NULL AND due_at <= now())',
                school.schema_name
            ) INTO is_due;
            IF is_due THEN
                RETURN NEXT school.ref;
            END IF;
        EXCEPTION WHEN undefined_table OR invalid_schema_name THEN
            RAISE WARNING 'school % has no outbox', school.ref;
        END;
    END LOOP;
END
$$;

REVOKE ALL ON FUNCTION public.school_at(text), public.school_of(uuid),
    public.schools_with_due_events() FROM PUBLIC;
"""

DROP = """
DROP FUNCTION public.school_at(text), public.school_of(uuid), public.schools_with_due_events();
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]

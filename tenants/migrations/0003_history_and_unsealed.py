from django.db import migrations

from core.audit.guards import keep_history

# Nobody may read all schemas, so the one question asked of all of them has a function of its own,
# which answers with references alone. A damaged schema is left out and stops none of the others.
_UNSEALED = """
CREATE FUNCTION public.schools_with_unsealed_audit() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
  school record;
  is_behind boolean;
BEGIN
  FOR school IN SELECT ref, schema_name FROM public.tenants_school WHERE state = 'open' LOOP
    BEGIN
      EXECUTE format($sql$
        SELECT EXISTS (
            SELECT FROM %1$I.audit_auditentry e
             WHERE e.id > coalesce((
               SELECT s.highest FROM %1$I.audit_auditseal s ORDER BY s.number DESC LIMIT 1), 0))
          OR EXISTS (
            SELECT FROM (
              SELECT s.awaited FROM %1$I.audit_auditseal s ORDER BY s.number DESC LIMIT 1) last,
              unnest(last.awaited) AS r(ids)
              JOIN %1$I.audit_auditentry e ON e.id >= lower(r.ids) AND e.id < upper(r.ids))
        $sql$, school.schema_name) INTO is_behind;
      IF is_behind THEN
        RETURN NEXT school.ref;
      END IF;
    EXCEPTION WHEN OTHERS THEN
      RAISE WARNING 'The record of school % cannot be asked: %', school.ref, SQLSTATE;
    END;
  END LOOP;
END
$function$
"""
_WHO_MAY_ASK = """
DO $do$
BEGIN
  REVOKE ALL ON FUNCTION public.schools_with_unsealed_audit() FROM PUBLIC;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'control_plane') THEN
    GRANT EXECUTE ON FUNCTION public.schools_with_unsealed_audit() TO control_plane;
  END IF;
END
$do$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0002_narrow_functions"),
        ("audit", "0003_chain"),
    ]

    operations = [
        # Never a keyset.
        keep_history(
            "tenants_school",
            "tenants.school",
            only=("id", "ref", "schema_name", "slug", "name", "urn", "time_zone", "state"),
        ),
        keep_history("tenants_domain", "tenants.domain", parent=("tenant_id", "tenants_school")),
        migrations.RunSQL(
            [_UNSEALED, _WHO_MAY_ASK],
            reverse_sql="DROP FUNCTION public.schools_with_unsealed_audit()",
        ),
    ]

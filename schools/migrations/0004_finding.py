import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# Hyphens, stops and the like part words; apostrophes are left out (“O'Neill” is “oneill”).
_PARTS = '-\u2010\u2011\u2012\u2013\u2014.,;:/()"\t\u00a0'
_LEFT_OUT = "'`\u2018\u2019\u02bc\u00b4\u00ad"

#: Bodies are bound to what they call when they are made: no search path matters, and the schema may be renamed.
FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION schools_folded(text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN lower(extensions.unaccent('extensions.unaccent'::regdictionary,
  translate(normalize($1, NFKC), '{_PARTS}{_LEFT_OUT.replace("'", "''")}', '{" " * len(_PARTS)}'))
  COLLATE pg_catalog.pg_c_utf8);

CREATE OR REPLACE FUNCTION schools_words(text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN array_remove(string_to_array(schools_folded($1), ' '), '');

-- Each word, and each longer one with any single letter left out: two words that differ by one
-- letter too many, too few, wrong or out of order have one of these in common.
CREATE OR REPLACE FUNCTION schools_near(text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ARRAY(SELECT DISTINCT near FROM unnest($1) AS word, LATERAL (
  SELECT word AS near UNION ALL
  SELECT left(word, i - 1) || substr(word, i + 1) FROM generate_series(1, length(word)) AS i
   WHERE length(word) >= 4) AS nearby);

-- The two words in the middle of a whole name, in either order: “maddy greenwood”, “greenwood maddy”.
CREATE OR REPLACE FUNCTION schools_pairs(given text[], preferred text[], family text[])
RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN array_remove(ARRAY(SELECT DISTINCT pair FROM (
  SELECT first || ' ' || family[1] FROM unnest(ARRAY[
    given[1], given[cardinality(given)], preferred[1], preferred[cardinality(preferred)]]) AS first
  UNION ALL
  SELECT family[cardinality(family)] || ' ' || first FROM unnest(ARRAY[given[1], preferred[1]])
    AS first) AS pairs(pair)), NULL);
"""

#: Argument: student or staff.
KEEP = """
CREATE OR REPLACE FUNCTION schools_keep_search() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $keep$
DECLARE
  now_is jsonb := to_jsonb(NEW);
BEGIN
  EXECUTE format($sql$
    INSERT INTO %1$I.%2$I (%3$I, name, words, pairs, near, is_here)
    SELECT $1, ' ' || array_to_string(words, ' '), words,
           %1$I.schools_pairs(%1$I.schools_words($2), %1$I.schools_words($3), %1$I.schools_words($4)),
           %1$I.schools_near(words), $5
      FROM %1$I.schools_words($2 || ' ' || $3 || ' ' || $4) AS words
    ON CONFLICT (%3$I) DO UPDATE SET name = EXCLUDED.name, words = EXCLUDED.words,
      pairs = EXCLUDED.pairs, near = EXCLUDED.near, is_here = EXCLUDED.is_here
    $sql$, TG_TABLE_SCHEMA, 'schools_' || TG_ARGV[0] || 'search', TG_ARGV[0] || '_id')
  USING NEW.id, NEW.given_name, coalesce(now_is ->> 'preferred_given_name', ''), NEW.family_name,
        coalesce(now_is ->> 'is_current', now_is ->> 'is_active')::boolean;
  RETURN NULL;
END
$keep$;

CREATE OR REPLACE TRIGGER schools_keep_search
AFTER INSERT OR UPDATE OF given_name, preferred_given_name, family_name, is_current
ON schools_student FOR EACH ROW EXECUTE FUNCTION schools_keep_search('student');
CREATE OR REPLACE TRIGGER schools_keep_search
AFTER INSERT OR UPDATE OF given_name, family_name, is_active
ON schools_staff FOR EACH ROW EXECUTE FUNCTION schools_keep_search('staff');
"""

#: Without a list of pending entries, which every search would read after an import.
INDEXES = "".join(
    f"CREATE INDEX IF NOT EXISTS schools_{whose}search_found ON schools_{whose}search USING gin"
    " (name extensions.gin_trgm_ops, words, pairs, near) WITH (fastupdate = off);"
    for whose in ("student", "staff")
)

#: Whoever is there already; again where a migration was stopped half-way.
FILL = """
INSERT INTO schools_studentsearch (student_id, name, words, pairs, near, is_here)
SELECT id, ' ' || array_to_string(words, ' '), words,
       schools_pairs(schools_words(given_name), schools_words(preferred_given_name),
                     schools_words(family_name)),
       schools_near(words), is_current
  FROM schools_student,
       schools_words(given_name || ' ' || preferred_given_name || ' ' || family_name) AS words
ON CONFLICT DO NOTHING;
INSERT INTO schools_staffsearch (staff_id, name, words, pairs, near, is_here)
SELECT id, ' ' || array_to_string(words, ' '), words,
       schools_pairs(schools_words(given_name), '{}', schools_words(family_name)),
       schools_near(words), is_active
  FROM schools_staff, schools_words(given_name || ' ' || family_name) AS words
ON CONFLICT DO NOTHING;
"""


def _text_array():
    return django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)


def _table(name, whose, model):
    return migrations.CreateModel(
        name=name,
        fields=[
            (
                whose,
                models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE,
                    primary_key=True,
                    related_name="search",
                    serialize=False,
                    to=model,
                ),
            ),
            ("name", models.TextField()),
            ("words", _text_array()),
            ("pairs", _text_array()),
            ("near", _text_array()),
            ("is_here", models.BooleanField()),
        ],
        options={"abstract": False},
    )


class Migration(migrations.Migration):
    dependencies = [("schools", "0003_maps")]

    operations = [
        _table("StudentSearch", "student", "schools.student"),
        _table("StaffSearch", "staff", "schools.staff"),
        *(
            migrations.RunSQL(sql, reverse_sql=migrations.RunSQL.noop)
            for sql in (FUNCTIONS, KEEP, INDEXES, FILL)
        ),
    ]

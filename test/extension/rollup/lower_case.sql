-- lower_case(): lower(), whatever the text and the collation.
BEGIN;
SELECT plan(2);

SELECT is_empty($$SELECT * FROM unnest(ARRAY['', 'ann@example.org', 'Ann@Example.ORG', 'Åsa@example.org', 'åsa', 'straße', 'STRASSE',
                                             'ΟΔΟΣ', '{[~', NULL]) AS t (x)
                  WHERE ttr.lower_case(x) IS DISTINCT FROM lower(x)
                     OR ttr.lower_case(x COLLATE "C") IS DISTINCT FROM lower(x COLLATE "C")$$,
                'ASCII and not, lower case and not');
SELECT is(ttr.lower_case(repeat('abc', 100000)), repeat('abc', 100000), 'a text that is stored apart');

SELECT * FROM finish();
ROLLBACK;

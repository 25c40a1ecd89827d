/*
 * iso_time.c
 *	  iso_time(at): an instant in UTC in ISO 8601: 2025-05-01T09:30:00+00:00.
 *
 * The same as to_json(at) writes in that zone.  In each line of a report one call replaces
 * several that write, join and edit texts.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/json.h"

#include "compat.h"

PG_FUNCTION_INFO_V1(ttr_iso_time);
Datum
ttr_iso_time(PG_FUNCTION_ARGS)
{
	const int	utc = 0;
	char		written[MAXDATELEN + 1];

	JsonEncodeDateTime(written, PG_GETARG_DATUM(0), TIMESTAMPTZOID, &utc);
	PG_RETURN_TEXT_P(cstring_to_text(written));
}

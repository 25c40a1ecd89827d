/*
 * lower_case.c
 *	  lower_case(text): lower(), quicker where there is nothing to change.
 *
 * lower() looks each letter up in the locale, and makes a copy.  Addresses are nearly always
 * ASCII in lower case, and no locale changes such a text: it is returned as it is.  Any
 * other text goes to lower(), where even the letter I depends on the locale.
 */
#include "postgres.h"

#include "utils/fmgrprotos.h"

#include "compat.h"

static bool
is_lower_ascii(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char) bytes[i] >= 0x80 || (bytes[i] >= 'A' && bytes[i] <= 'Z'))
			return false;
	return true;
}

/* Errors: those of lower(), such as 42P22 where the collation is not known. */
PG_FUNCTION_INFO_V1(ttr_lower_case);
Datum
ttr_lower_case(PG_FUNCTION_ARGS)
{
	text	   *string = PG_GETARG_TEXT_PP(0);

	if (is_lower_ascii(VARDATA_ANY(string), VARSIZE_ANY_EXHDR(string)))
		PG_RETURN_TEXT_P(string);
	return DirectFunctionCall1Coll(lower, PG_GET_COLLATION(), PointerGetDatum(string));
}

/*
 * text.c
 *	  Distributions as people write them: values, and behind a colon the count of each,
 *	  unless it is 1.
 *
 *	  {60:3, 3600, 86400:2, Infinity}
 *
 *	  distribution = "{" [ run { "," run } ] "}"
 *	  run          = value [ ":" count ]
 *
 * Values may come in any order and more than once, with white space around each part.
 * A value is a decimal number as strtod() reads it, or infinity, inf or nan, in upper or
 * lower case.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kernel/distribution/format.h"
#include "kernel/distribution/text.h"
#include "kernel/multiset/order_key.h"

#define WHITE_SPACE		" \t\n\r\f\v"
#define NUMBER_BYTES	"0123456789+-.eE"
#define DIGITS			"0123456789"

static void
skip_space(const char **at)
{
	*at += strspn(*at, WHITE_SPACE);
}

/* True if this byte comes next, which is then skipped. */
static bool
accept(const char **at, char byte)
{
	if (**at != byte)
		return false;
	(*at)++;
	skip_space(at);
	return true;
}

static bool
accept_word(const char **at, const char *word)
{
	size_t		length = strlen(word);

	if (strncasecmp(*at, word, length) != 0)
		return false;
	*at += length;
	return true;
}

static bool
accept_special(const char **at, double *value)
{
	const char *start = *at;
	double		sign = *start == '-' ? -1 : 1;

	if (accept_word(at, "nan"))
	{
		*value = NAN;
		return true;
	}
	if (*start == '-' || *start == '+')
		(*at)++;
	if (accept_word(at, "infinity") || accept_word(at, "inf"))
	{
		*value = sign * INFINITY;
		return true;
	}
	*at = start;
	return false;
}

static TextDefect
parse_value(const char **at, double *value)
{
	size_t		length = strspn(*at, NUMBER_BYTES);
	char	   *end;

	if (accept_special(at, value))
		return TEXT_IS_GOOD;
	errno = 0;
	*value = strtod(*at, &end);
	if (length == 0 || end != *at + length)
		return TEXT_IS_MALFORMED;

	/* strtod() also calls inexact numbers near 0 out of range. */
	if (errno == ERANGE && (*value == 0 || isinf(*value)))
		return VALUE_OUT_OF_RANGE;
	*at = end;
	return TEXT_IS_GOOD;
}

static TextDefect
parse_count(const char **at, uint64_t *count)
{
	size_t		length = strspn(*at, DIGITS);

	if (length == 0)
		return TEXT_IS_MALFORMED;
	errno = 0;
	*count = strtoull(*at, NULL, 10);
	if (errno == ERANGE || *count == 0 || *count > MOST_VALUES)
		return COUNT_OUT_OF_RANGE;
	*at += length;
	return TEXT_IS_GOOD;
}

static TextDefect
parse_run(const char **at, CountTable *table, const Host *host)
{
	double		value;
	uint64_t	count = 1;
	const char *start;
	TextDefect	defect = parse_value(at, &value);

	if (defect != TEXT_IS_GOOD)
		return defect;
	skip_space(at);
	start = *at;
	if (accept(at, ':'))
	{
		start = *at;
		defect = parse_count(at, &count);
		if (defect != TEXT_IS_GOOD)
			return defect;
		skip_space(at);
	}
	if (count > MOST_VALUES - table->total)
	{
		*at = start;
		return COUNT_OUT_OF_RANGE;
	}
	count_table_add(table, key_of_double(value), count, host);
	return TEXT_IS_GOOD;
}

TextDefect
distribution_parse(const char *text, CountTable *table, const Host *host, const char **at)
{
	*at = text;
	skip_space(at);
	if (!accept(at, '{'))
		return TEXT_IS_MALFORMED;
	if (!accept(at, '}'))
	{
		do
		{
			TextDefect	defect = parse_run(at, table, host);

			if (defect != TEXT_IS_GOOD)
				return defect;
			host->check_interrupts();
		} while (accept(at, ','));
		if (!accept(at, '}'))
			return TEXT_IS_MALFORMED;
	}
	return **at == '\0' ? TEXT_IS_GOOD : TEXT_IS_MALFORMED;
}

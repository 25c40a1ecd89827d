/*
 * text.h
 *	  Distributions as people write them: see text.c.
 */
#ifndef TTR_KERNEL_DISTRIBUTION_TEXT_H
#define TTR_KERNEL_DISTRIBUTION_TEXT_H

#include "kernel/host.h"
#include "kernel/multiset/count_table.h"

typedef enum TextDefect
{
	TEXT_IS_GOOD,
	TEXT_IS_MALFORMED,
	VALUE_OUT_OF_RANGE,			/* no double is so large, or so small */
	COUNT_OUT_OF_RANGE			/* one is 0, or one or their sum exceeds MOST_VALUES */
} TextDefect;

/*
 * Counts the values of a text in a count table.  Where the text has a defect, *at is its
 * place, and the count table has only some of the values.
 */
extern TextDefect distribution_parse(const char *text, CountTable *table, const Host *host, const char **at);

#endif							/* TTR_KERNEL_DISTRIBUTION_TEXT_H */

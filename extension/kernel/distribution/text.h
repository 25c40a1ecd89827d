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
	COUNT_OUT_OF_RANGE			/* 0, or beyond MOST_VALUES, alone or together */
} TextDefect;

/*
 * Counts the values of a text in a count table.  Where the text is not good, *at is the place
 * of the defect, and the count table is of no use.
 */
extern TextDefect distribution_parse(const char *text, CountTable *table, const Host *host, const char **at);

#endif							/* TTR_KERNEL_DISTRIBUTION_TEXT_H */

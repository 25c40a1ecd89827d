/*
 * key_sort.h
 *	  Sorts 64-bit keys: see key_sort.c.
 */
#ifndef TTR_KERNEL_MULTISET_KEY_SORT_H
#define TTR_KERNEL_MULTISET_KEY_SORT_H

#include <stddef.h>
#include <stdint.h>

#include "kernel/host.h"

/*
 * Sorts in ascending order.  Allocates as much memory again from the host, and frees it.
 *
 * Cost: one pass over keys that are in order already; else two more for every 11 bits
 * in which some keys differ (8 bits where there are few keys), whatever their order.
 */
extern void key_sort(uint64_t *keys, size_t count, const Host *host);

#endif							/* TTR_KERNEL_MULTISET_KEY_SORT_H */

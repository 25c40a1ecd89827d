/*
 * backend.h
 *	  PostgreSQL as the host of the kernels (see host.h).
 *
 * The way into extension/: each SQL function makes a host with backend_host(), and
 * passes it to a kernel.
 *
 * A kernel that is interrupted, or that runs out of memory, never returns: the
 * error throws past it, and the memory context frees its memory.
 */
#ifndef TTR_BACKEND_H
#define TTR_BACKEND_H

#include "fmgr.h"
#include "kernel/host.h"
#include "miscadmin.h"
#include "utils/memutils.h"

static void *
backend_allocate(void *context, size_t size)
{
	return MemoryContextAllocHuge((MemoryContext) context, size);
}

static void
backend_release(void *context, void *memory)
{
	pfree(memory);
}

static void
backend_check_interrupts(void)
{
	CHECK_FOR_INTERRUPTS();
}

/* The host whose memory comes from the given context. */
static inline Host
backend_host(MemoryContext context)
{
	Host		host = {backend_allocate, backend_release, backend_check_interrupts, context};

	return host;
}

/* The context that lives as long as the group that an aggregate function is called for. */
static inline MemoryContext
group_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (AggCheckCallContext(fcinfo, &context) == 0)
		elog(ERROR, "aggregate function called in non-aggregate context");
	return context;
}

#endif							/* TTR_BACKEND_H */

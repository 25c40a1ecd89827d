/*
 * compat.h
 *	  The differences between the releases of PostgreSQL, 14 to 18, and nothing
 *	  else: no other file tests PG_VERSION_NUM.
 *
 * Include it after "postgres.h" in every file that defines SQL functions.
 */
#ifndef TTR_COMPAT_H
#define TTR_COMPAT_H

#include "fmgr.h"

#if PG_VERSION_NUM < 140000
#error "ttr needs PostgreSQL 14 or newer, because of multiranges"
#endif

/* Macros for variable-length values: part of postgres.h before 16. */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/*
 * ttr.so hides its symbols, because the server loads all extensions into one
 * namespace.  From 16 on the server's macros export SQL functions; before, they
 * do not.
 */
#if PG_VERSION_NUM < 160000

#undef PGDLLEXPORT
#define PGDLLEXPORT __attribute__((visibility("default")))

#undef PG_FUNCTION_INFO_V1
#define PG_FUNCTION_INFO_V1(name) \
	extern PGDLLEXPORT Datum name(PG_FUNCTION_ARGS); \
	extern PGDLLEXPORT const Pg_finfo_record *CppConcat(pg_finfo_, name) (void); \
	const Pg_finfo_record * \
	CppConcat(pg_finfo_, name) (void) \
	{ \
		static const Pg_finfo_record info = {1}; \
		return &info; \
	} \
	extern int	no_such_variable

#endif

/* The data that is written is const since 16. */
#if PG_VERSION_NUM >= 160000
#define buffile_write(file, data, size) BufFileWrite(file, data, size)
#else
#define buffile_write(file, data, size) BufFileWrite(file, (void *) (data), size)
#endif

/* From 16 on range_serialize() can return errors instead of throwing them. */
#if PG_VERSION_NUM >= 160000
#define range_of_bounds(type, lower, upper) range_serialize(type, lower, upper, false, NULL)
#else
#define range_of_bounds(type, lower, upper) range_serialize(type, lower, upper, false)
#endif

#endif							/* TTR_COMPAT_H */

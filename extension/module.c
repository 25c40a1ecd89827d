/*
 * module.c
 *	  Makes ttr.so loadable by PostgreSQL.
 */
#include "postgres.h"

#include "compat.h"

PG_MODULE_MAGIC;

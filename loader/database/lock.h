/*
 * lock.h: the lock that allows one load or refresh at a time. ttr.refresh() takes the same lock.
 */
#ifndef TTR_LOADER_DATABASE_LOCK_H
#define TTR_LOADER_DATABASE_LOCK_H

#include "database/connection.h"

/* Takes the lock up to the end of the transaction. Where another session has it, reports that and returns
 * false: the user who starts a second load wants to know. */
bool lock_try(PGconn *connection);

/* Waits for the lock, and takes it up to the end of the transaction. */
bool lock_wait(PGconn *connection);

/* Waits for the lock, and takes it for the session, up to lock_release(). */
bool lock_keep(PGconn *connection);
void lock_release(PGconn *connection);

#endif

/*
 * outcome.h: COMMIT, and whether it took place.
 *
 *     the answer says so                                   COMMITTED
 *     the server refuses it, and no transaction is open    NOT_COMMITTED
 *     anything else: no answer, or one that could not      a new connection asks for what
 *     be read, for lack of memory, too                     the transaction leaves behind
 */
#ifndef TTR_LOADER_DATABASE_OUTCOME_H
#define TTR_LOADER_DATABASE_OUTCOME_H

#include "database/connection.h"

typedef enum Outcome {
    NOT_COMMITTED,
    COMMITTED,
    IN_DOUBT, /* the answer was lost, and what the transaction leaves behind could not be read */
} Outcome;

/* Whether what the transaction leaves behind is there, when it is over: the new connection may have to wait.
 * False: the server failed, which is reported. */
typedef bool OutcomeQuestion(PGconn *connection, const void *context, bool *there);

/* Reports what is not committed. *connection may become a new one, or NULL. */
Outcome transaction_commit(PGconn **connection, const ConnectionOptions *options, OutcomeQuestion *ask,
                           const void *context);

#endif

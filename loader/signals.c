/*
 * signals.c: Ctrl-C and its kin. See signals.h.
 */
#include "signals.h"

#include <errno.h>
#include <signal.h>

static volatile sig_atomic_t received = 0;
static PGcancel *volatile cancel = NULL;

/* PQcancel() is made to be called here: it opens a connection of its own, allocates nothing and keeps errno.
 */
static void handle(int signal_number)
{
    int saved_errno = errno;
    char error[256];

    received = signal_number;
    if (cancel != NULL)
        PQcancel(cancel, error, sizeof(error));
    errno = saved_errno;
}

void signals_install(void)
{
    /* No SA_RESTART: a read that waits for input returns, and its loop sees the flag. */
    struct sigaction action = {.sa_handler = handle};

    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

void signals_watch(PGconn *connection)
{
    PGcancel *previous = cancel;

    cancel = connection != NULL ? PQgetCancel(connection) : NULL;
    PQfreeCancel(previous);
}

bool interrupted(void)
{
    return received != 0;
}

void signals_end_process(void)
{
    if (received == 0)
        return;
    signal(received, SIG_DFL);
    raise(received);
}

/*
 * signals.c: Ctrl-C and its kin. See signals.h.
 */
#include "terminal/signals.h"

#include <errno.h>
#include <signal.h>

static volatile sig_atomic_t received = 0;
static volatile sig_atomic_t stop_first = 0;
static volatile sig_atomic_t stop = 0;
static void (*interrupt_at_once)(void);

static void handle(int signal_number)
{
    int saved_errno = errno;

    if (stop_first && !stop) {
        stop = 1;
        return;
    }
    received = signal_number;
    interrupt_at_once();
    errno = saved_errno;
}

/* A signal that was ignored when the program began stays ignored: nohup relies on it. */
static void catch_signal(int signal_number)
{
    /* No SA_RESTART: a read that waits for input returns, and its loop sees the flag. */
    struct sigaction action = {.sa_handler = handle};
    struct sigaction inherited;

    sigemptyset(&action.sa_mask);
    if (sigaction(signal_number, NULL, &inherited) == 0 && inherited.sa_handler != SIG_IGN)
        sigaction(signal_number, &action, NULL);
}

void signals_install(void (*interrupt)(void))
{
    interrupt_at_once = interrupt;
    catch_signal(SIGINT);
    catch_signal(SIGTERM);
    catch_signal(SIGHUP);
    signal(SIGPIPE, SIG_IGN);
}

bool interrupted(void)
{
    return received != 0;
}

void signals_stop_first(void)
{
    stop_first = 1;
}

bool stop_requested(void)
{
    return stop != 0 || received != 0;
}

void signals_end_process(void)
{
    if (received == 0)
        return;
    signal(received, SIG_DFL);
    raise(received);
}

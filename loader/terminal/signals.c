/*
 * signals.c: Ctrl-C and its kin. See signals.h.
 */
#include "terminal/signals.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "terminal/ending.h"

/* Seconds from a signal to the end, at most. */
#define LONGEST_STEP 1

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
    if (received == 0)
        alarm(LONGEST_STEP);
    received = signal_number;
    interrupt_at_once();
    errno = saved_errno;
}

/* The step in hand does not come back: the server is stopped, or the network is gone. */
static void handle_alarm(int signal_number)
{
    (void)signal_number;
    end_by_signal(received);
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
    signal(SIGALRM, handle_alarm);
    catch_signal(SIGINT);
    catch_signal(SIGTERM);
    catch_signal(SIGHUP);
    /* A write that cannot be done fails instead. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

bool interrupted(void)
{
    return received != 0;
}

void signals_stop_first(bool first)
{
    stop_first = first;
}

bool stop_requested(void)
{
    return stop != 0 || received != 0;
}

void signals_end_process(void)
{
    if (received == 0)
        return;
    alarm(0);
    signal(received, SIG_DFL);
    raise(received);
}

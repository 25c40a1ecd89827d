/*
 * progress.c: the progress of a run. See progress.h.
 */
#include "terminal/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "terminal/message.h"

#define INTERVAL   0.2 /* seconds between two lines */
#define BAR_PLACES 20

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

void progress_begin(Progress *progress, bool shown, int64_t total_bytes)
{
    *progress = (Progress){.shown = shown, .total_bytes = total_bytes, .started = now()};
    progress->phase_started = progress->started;
}

static void format_bytes(char *text, size_t size, double bytes)
{
    static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
    int unit = 0;

    while (bytes >= 1000 && unit < 4) {
        bytes /= 1000;
        unit++;
    }
    snprintf(text, size, unit == 0 ? "%.0f %s" : "%.2f %s", bytes, units[unit]);
}

/* "[=====>     ]  45 %  ", or nothing where the share is not known. */
static void format_share(char *text, size_t size, const Progress *progress, int64_t bytes)
{
    char bar[BAR_PLACES + 1];
    int share;

    if (progress->total_bytes <= 0) {
        *text = '\0';
        return;
    }
    share = bytes < progress->total_bytes ? (int)(100 * (double)bytes / (double)progress->total_bytes) : 100;
    for (int i = 0; i < BAR_PLACES; i++)
        bar[i] = i < share * BAR_PLACES / 100 ? '=' : i == share * BAR_PLACES / 100 ? '>' : ' ';
    bar[BAR_PLACES] = '\0';
    snprintf(text, size, "[%s] %3d %%  ", bar, share);
}

void progress_read(Progress *progress, int64_t bytes, int64_t records, int64_t rejected)
{
    double time, seconds;
    char share[64], read[32], rate[32], left[32] = "", line[240];

    if (!progress->shown || (time = now()) < progress->last_shown + INTERVAL || time <= progress->started)
        return;
    progress->last_shown = time;
    seconds = time - progress->started;

    format_share(share, sizeof(share), progress, bytes);
    format_bytes(read, sizeof(read), (double)bytes);
    format_bytes(rate, sizeof(rate), (double)bytes / seconds);
    if (progress->total_bytes > bytes && bytes > 0) {
        int rest = (int)(seconds * (double)(progress->total_bytes - bytes) / (double)bytes);

        snprintf(left, sizeof(left), "  ETA %d:%02d", rest / 60, rest % 60);
    }
    snprintf(line, sizeof(line), "reading  %s%s  %s/s  %" PRId64 " records  %" PRId64 " rejected%s", share,
             read, rate, records, rejected, left);
    status_line(line);
}

void progress_phase(Progress *progress, const char *phase)
{
    double time = now();

    verbose("%s took %.2f s", progress->phase != NULL ? progress->phase : "reading",
            time - progress->phase_started);
    progress->phase = phase;
    progress->phase_started = time;
    if (!progress->shown)
        return;
    if (phase == NULL) {
        status_line("");
    } else {
        char line[80];

        snprintf(line, sizeof(line), "%s ...", phase);
        status_line(line);
    }
}

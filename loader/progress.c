/*
 * progress.c: how far the run is. See progress.h.
 */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "message.h"

#define INTERVAL 0.2 /* seconds between two lines */

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

void progress_read(Progress *progress, const char *file, int64_t bytes, int64_t records, int64_t rejected)
{
    double time, seconds;
    char done[32], rate[32], all[32], line[400];
    int length;

    if (!progress->shown || (time = now()) < progress->last_shown + INTERVAL)
        return;
    progress->last_shown = time;
    seconds = time - progress->started;
    if (seconds <= 0)
        return;

    format_bytes(done, sizeof(done), (double)bytes);
    format_bytes(rate, sizeof(rate), (double)bytes / seconds);
    length = snprintf(line, sizeof(line), "%.60s: ", file);
    if (progress->total_bytes > 0) {
        format_bytes(all, sizeof(all), (double)progress->total_bytes);
        length += snprintf(line + length, sizeof(line) - (size_t)length, "%d %%  %s of %s",
                           (int)(100 * (double)bytes / (double)progress->total_bytes), done, all);
    } else {
        length += snprintf(line + length, sizeof(line) - (size_t)length, "%s", done);
    }
    length += snprintf(line + length, sizeof(line) - (size_t)length,
                       "  %s/s  %" PRId64 " records  %" PRId64 " rejected", rate, records, rejected);
    if (progress->total_bytes > 0 && bytes > 0) {
        int left = (int)(seconds * (double)(progress->total_bytes - bytes) / (double)bytes);

        snprintf(line + length, sizeof(line) - (size_t)length, "  %d:%02d left", left / 60, left % 60);
    }
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

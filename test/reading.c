/*
 * reading.c: the loader's reading side by itself, without a server.
 *
 *     build/reading FILE...          prints what each record says, or why it is rejected
 *     build/reading --admins FILE... the same of lists of teammates
 *     build/reading --tags FILE...   of lists of tags
 *     build/reading --teams FILE...  and of lists of teams
 *     build/reading --time FILE...   prints how fast they are read: megabytes, seconds, records
 *     build/reading --read-sizes FILE...
 *                                    says which small file comes to something else when its bytes arrive in small
 *                                    pieces; the exit code is 1 if one does
 *
 * Behind these --encoding=NAME and --date-format=PATTERN stand as for ttr-load.
 *
 * A conversation is one line: where it stands, the fields that it carries, its events and teammates. The exit code is
 * the loader's: 1 where the file itself is at fault.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "read/reader.h"
#include "terminal/message.h"

static void print_slice(const char *name, Slice value)
{
    if (value.bytes != NULL)
        printf(" %s=%.*s", name, SLICE_ARGS(value));
}

static void print_word(const char *name, const char *word)
{
    if (word != NULL)
        printf(" %s=%s", name, word);
}

static void print_time(Instant instant)
{
    char text[TIME_TEXT_SIZE];

    timestamp_print(instant, text);
    printf("%s", text);
}

static void print_instant(const char *name, Instant instant)
{
    if (!instant.known)
        return;
    printf(" %s=", name);
    print_time(instant);
}

static void print_count(const char *name, Count count)
{
    if (count.known)
        printf(" %s=%d", name, (int)count.value);
}

/* Of an event: what it makes of the conversation besides its state. */
static void print_change(const char *name, Slice value)
{
    if (value.bytes != NULL)
        printf(",%s=%.*s", name, SLICE_ARGS(value));
}

static void print_events(const Conversation *conversation)
{
    for (size_t i = 0; i < conversation->event_count; i++) {
        const Event *event = &conversation->events[i];

        printf(" event=%.*s@", SLICE_ARGS(event->id));
        print_time(event->at);
        printf(",%.*s,%s,%s", SLICE_ARGS(event->type), event->state != NULL ? event->state : "-",
               event->author != NULL ? event->author : "-");
        printf("%s", event->is_reply == TRUTH_YES ? ",reply" : "");
        print_change("by", event->author_id);
        print_change("to", event->assignee_id);
        print_change("team", event->team_id);
        print_change("tags", event->tags);
    }
    for (size_t i = 0; i < conversation->teammate_count; i++) {
        const Teammate *teammate = &conversation->teammates[i];

        printf(" teammate=%.*s,%.*s,%.*s", SLICE_ARGS(teammate->id), SLICE_ARGS(teammate->email),
               SLICE_ARGS(teammate->name));
    }
}

/* Attributes first, if it carries any. */
static void print_carried(CarriedFields carried)
{
    printf(" carries={%s", field_names[carried & CARRIES(FIELD_ATTRIBUTES) ? FIELD_ATTRIBUTES : 0]);
    for (int i = 0; i < FIELD_COUNT; i++)
        if (carried & CARRIES(i))
            printf(",%s", field_names[i]);
    puts("}");
}

static void print_conversation(const Conversation *conversation, const Frame *frame)
{
    printf("%" PRId64 ":%" PRId64 " conversation", frame->line, frame->byte_offset);
    print_slice("id", conversation->conversation_id);
    print_slice("user", conversation->user_id);
    print_word("state", conversation->state);
    print_instant("started", conversation->started_at);
    print_instant("response", conversation->first_response_at);
    print_instant("resolved", conversation->resolved_at);
    print_instant("updated", conversation->updated_at);
    print_slice("assignee", conversation->assignee_id);
    print_slice("email", conversation->assignee_email);
    print_word("closed_by", conversation->closed_by);
    print_count("messages", conversation->message_count);
    print_count("reopens", conversation->reopen_count);
    for (size_t i = 0; i < conversation->tag_count; i++)
        print_slice("tag", conversation->tags[i]);
    for (size_t i = 0; i < conversation->attribute_count; i++)
        printf(" %.*s:%.*s", SLICE_ARGS(conversation->attributes[i].name), SLICE_ARGS(conversation->attributes[i].value));
    print_count("total", conversation->event_total);
    if (conversation->placeholder_count > 0)
        printf(" placeholders=%zu", conversation->placeholder_count);
    print_events(conversation);
    print_carried(conversation->carried);
}

static void print_reject(const Frame *frame)
{
    const Defect *problem = &frame->problem;
    Slice shown = slice_head(frame->raw, 100);

    printf("%" PRId64 ":%" PRId64 " reject %s %s: %s: %.*s\n", frame->line, frame->byte_offset,
           defect_code(problem->reason), problem->column != NULL ? problem->column : "-", problem->detail,
           SLICE_ARGS(shown));
}

static void print_teammate(const Teammate *teammate)
{
    printf("teammate");
    print_slice("id", teammate->id);
    print_slice("email", teammate->email);
    print_slice("name", teammate->name);
    putchar('\n');
}

static void print_named(const Reader *reader)
{
    printf("%s", reader->list == LIST_TAGS ? "tag" : "team");
    print_slice("id", reader->named.id);
    print_slice("name", reader->named.name);
    putchar('\n');
}

static bool read_content(Reader *reader, bool quiet, int64_t *records)
{
    Frame frame;

    for (;;) {
        switch (reader_next(reader, &frame)) {
        case READ_CONVERSATION:
            if (!quiet)
                print_conversation(reader->conversation, &frame);
            break;
        case READ_TEAMMATE:
            print_teammate(&reader->teammate);
            break;
        case READ_NAMED:
            print_named(reader);
            break;
        case READ_REJECT:
            if (!quiet)
                print_reject(&frame);
            break;
        case READ_IGNORED:
            if (!quiet)
                printf("%" PRId64 ":%" PRId64 " ignored\n", frame.line, frame.byte_offset);
            break;
        case READ_END:
            if (!quiet)
                printf("%s\n", reader_format(reader));
            return true;
        case READ_FAILED:
            return false;
        }
        ++*records;
    }
}

static bool read_file(Reader *reader, const char *name, List list, bool quiet, int64_t *records)
{
    bool found = true;
    bool ok = list != LIST_NONE ? reader_open_list(reader, name, list) : reader_open(reader, name, NULL);

    while (ok && found)
        ok = read_content(reader, quiet, records) && reader_next_file(reader, &found);
    return ok;
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Takes the loader's options for reading off the front of the arguments; the number of them. */
static int take_options(Reader *reader, char **arguments, int count)
{
    int taken = 0;

    for (; taken < count; taken++) {
        if (strncmp(arguments[taken], "--encoding=", 11) == 0)
            reader->encoding = arguments[taken] + 11;
        else if (strncmp(arguments[taken], "--date-format=", 14) == 0)
            date_format_read(arguments[taken] + 14, &reader->dates);
        else
            break;
    }
    return taken;
}

/* What is printed of a file that is read with these options, in pieces of that size; of a file that is refused,
 * only that it is. For the caller to free. */
static char *reading_of(const char *name, char **options, int option_count, const char *size)
{
    FILE *output = stdout;
    char *printed = NULL;
    size_t length;
    int64_t records = 0;
    bool ok;
    Reader reader;

    if (size != NULL)
        setenv("TTR_READ_SIZE", size, true);
    else
        unsetenv("TTR_READ_SIZE");
    reader_begin(&reader);
    take_options(&reader, options, option_count);
    stdout = open_memstream(&printed, &length);
    ok = read_file(&reader, name, LIST_NONE, false, &records);
    fclose(stdout);
    stdout = output;
    reader_free(&reader);
    failure_mended();
    if (ok)
        return printed;
    free(printed);
    return strdup("refused");
}

#define SMALL_FILE 20000

static bool reads_alike(const char *name, char **options, int option_count)
{
    static const char *const sizes[] = {"1", "2", "3", "7", "4096"};
    struct stat file;
    bool alike = true;
    char *whole, *in_pieces;

    if (stat(name, &file) != 0 || file.st_size > SMALL_FILE)
        return true;
    whole = reading_of(name, options, option_count, NULL);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        in_pieces = reading_of(name, options, option_count, sizes[i]);
        if (strcmp(whole, in_pieces) != 0) {
            printf("%s comes to something else by reads of %s bytes\n", name, sizes[i]);
            alike = false;
        }
        free(in_pieces);
    }
    free(whole);
    return alike;
}

static int compare_read_sizes(char **arguments, int count)
{
    Reader reader;
    int option_count;
    bool alike = true;

    reader_begin(&reader);
    option_count = take_options(&reader, arguments, count);
    reader_free(&reader);
    for (int i = option_count; i < count; i++)
        alike = reads_alike(arguments[i], arguments, option_count) && alike;
    return alike ? 0 : 1;
}

int main(int argc, char **argv)
{
    bool timed = argc > 1 && strcmp(argv[1], "--time") == 0, ok = true;
    List list = argc > 1 && strcmp(argv[1], "--admins") == 0 ? LIST_TEAMMATES
                : argc > 1 && strcmp(argv[1], "--tags") == 0  ? LIST_TAGS
                : argc > 1 && strcmp(argv[1], "--teams") == 0 ? LIST_TEAMS
                                                              : LIST_NONE;
    int64_t bytes = 0, records = 0;
    int first = timed || list != LIST_NONE ? 2 : 1;
    double started = now();
    Reader reader;

    if (argc > 1 && strcmp(argv[1], "--read-sizes") == 0)
        return compare_read_sizes(argv + 2, argc - 2);
    reader_begin(&reader);
    first += take_options(&reader, argv + first, argc - first);
    for (int i = first; i < argc && ok; i++) {
        ok = read_file(&reader, argv[i], list, timed, &records);
        bytes += reader.buffer.byte_offset;
    }
    if (timed)
        printf("%.3f MB %.3f s %" PRId64 " records\n", (double)bytes / 1e6, now() - started, records);
    reader_free(&reader);
    return ok ? 0 : failure_code();
}

/*
 * password.c: a password from the terminal. See password.h.
 */
#include "terminal/password.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>

#include "terminal/message.h"

char *ask_password(void)
{
    char line[1024];
    struct termios shown, hidden;
    FILE *terminal = fopen("/dev/tty", "w+");
    bool read;

    if (terminal == NULL)
        return NULL;
    tcgetattr(fileno(terminal), &shown);
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    fputs("Password: ", terminal);
    fflush(terminal);
    tcsetattr(fileno(terminal), TCSAFLUSH, &hidden);
    read = fgets(line, sizeof(line), terminal) != NULL;
    tcsetattr(fileno(terminal), TCSAFLUSH, &shown);
    fputc('\n', terminal);
    fclose(terminal);
    if (!read)
        return NULL;
    line[strcspn(line, "\n")] = '\0';
    return format_text("%s", line);
}

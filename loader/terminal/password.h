/*
 * password.h: a password from the terminal.
 */
#ifndef TTR_LOADER_TERMINAL_PASSWORD_H
#define TTR_LOADER_TERMINAL_PASSWORD_H

/* Asks for a password and reads it without echo. The caller frees it. NULL: there is no terminal, or it was
 * closed. */
char *ask_password(void);

#endif

// Lowland's own failures: one line on standard error and an exit status that no program's status is mistaken
// for.
#ifndef LOWLAND_FAIL_H
#define LOWLAND_FAIL_H

enum fail_status {
    FAIL_USAGE = 120,    // bad command line
    FAIL_PROGRAM = 121,  // the program's file cannot be found or read
    FAIL_IMAGE = 122,    // the file is no image that Lowland runs
    FAIL_MISSING = 123,  // a DLL or an import that the program needs does not exist
    FAIL_HOST = 124,     // the host lacks what Lowland needs (memory, LDT, prefix)
    FAIL_INTERNAL = 125, // a fault of Lowland's own
    FAIL_START = 126,    // the program's start failed: a DllMain said no, a TLS callback crashed
};

// Prints "lowland: " and the message as one line, ends the process. Any thread; restores the terminal first.
_Noreturn void fail(enum fail_status status, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Registers something to undo at any end of the process (terminal modes, a temporary prefix). At most 8.
void at_process_end(void (*undo)(void));
// Runs what at_process_end registered, once. Async-signal-safe as far as the registered functions are.
void run_process_end(void);

#endif

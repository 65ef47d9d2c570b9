// Batch files and subroutines that run: their arguments, position, labels and SETLOCALs.
#ifndef CMD_BATCH_H
#define CMD_BATCH_H
#include "text.h"

struct batch;

// The parameter of a number, with SHIFT counted in; "" beyond the last. BATCH is not NULL in any of these.
const WCHAR *batch_argument(const struct batch *batch, int index);
const WCHAR *batch_all_arguments(const struct batch *batch); // what %* stands for
const WCHAR *batch_path(const struct batch *batch);          // full path of the file
bool batch_is_cmd(const struct batch *batch);                // its name ends in .cmd

// The next line, with its newline; false at the end, or after a complaint where the file is gone.
bool batch_line(struct batch *batch, struct text *line);

// Runs a batch file from its start, or from behind LABEL where one is given, and returns its return code.
// NAME is %0, ARGUMENTS the rest of the line. CALLED: the caller goes on afterwards.
int batch_run(const WCHAR *path, const WCHAR *name, const WCHAR *arguments);
int batch_call_label(const WCHAR *label, const WCHAR *arguments);

// Ends the batch file with the command that runs.
void batch_end(struct batch *batch);

#endif

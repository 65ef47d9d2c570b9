// `lowland check`: what a program needs that Lowland lacks, without running it.
#ifndef LOWLAND_CHECK_H
#define LOWLAND_CHECK_H

// Prints one line per import or delay import that is lacking, then the strings that name something lacking
// (they may be looked up at run time). Returns the exit status: 0, or FAIL_MISSING when an import lacks.
int check_program(const char *path);

#endif

// Where Lowland's own guest files are: the DLLs and .nls tables that the guest sees in system32.
#ifndef LOWLAND_DATA_DIR_H
#define LOWLAND_DATA_DIR_H

// The absolute host path of the directory with our guest DLLs and tables, without a trailing slash:
// EXE_DIR/guest when started from a build tree, else EXE_DIR/../lib/lowland. Found once, from /proc/self/exe;
// never NULL (a directory that isn't there shows when something is opened in it). Any thread after the first
// call.
const char *data_dir(void);

#endif

/* Paths as text, and the current folder. */
#include "msvcrt.h"

int EXPORT _getdrive(void);
char *EXPORT _getcwd(char *out, int size);
wchar_t *EXPORT _wgetcwd(wchar_t *out, int size);

#include "path_template.h"
#define WIDE
#include "path_template.h"

// Where Lowland's own guest files are, found from where the executable itself lies.
#include "data_dir.h"
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char found[PATH_MAX];

const char *data_dir(void)
{
    if (found[0] != '\0') return found;

    char exe[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", exe, sizeof exe - 1);
    if (length <= 0)
        length = snprintf(exe, sizeof exe, "/usr/bin/lowland"); // no /proc: where packages put it
    exe[length] = '\0';
    char *slash = strrchr(exe, '/');
    *slash = '\0';

    char candidate[PATH_MAX + 16];
    snprintf(candidate, sizeof candidate, "%s/guest", exe);
    struct stat st;
    if (stat(candidate, &st) != 0 || !S_ISDIR(st.st_mode)) {
        // .../bin/lowland belongs to .../lib/lowland.
        slash = strrchr(exe, '/');
        if (slash != NULL) *slash = '\0';
        snprintf(candidate, sizeof candidate, "%s/lib/lowland", exe);
    }
    size_t size = strlen(candidate) + 1;
    if (size <= sizeof found) memcpy(found, candidate, size);
    return found;
}

// Leaves moves and deletions for the next start (MoveFileEx with MOVEFILE_DELAY_UNTIL_REBOOT) and says what
// the registry holds of them. With "list" it only says that.
#include <stdio.h>
#include <string.h>
#include <windows.h>

static int later(const char *from, const char *to, DWORD flags)
{
    if (MoveFileExA(from, to, flags | MOVEFILE_DELAY_UNTIL_REBOOT)) return 0;
    printf("%s: error %lu\n", from, GetLastError());
    return 1;
}

static void list(void)
{
    static char value[8192];
    DWORD type, size = sizeof(value);
    LSTATUS error = RegGetValueA(HKEY_LOCAL_MACHINE, "System\\CurrentControlSet\\Control\\Session Manager",
                                 "PendingFileRenameOperations", RRF_RT_ANY, &type, value, &size);
    if (error) {
        printf("nothing waits\n");
        return;
    }
    printf("type %lu\n", type);
    for (const char *at = value; at + 1 < value + size; at += strlen(at) + 1) {
        const char *name = strrchr(at, '\\');
        printf("%s%s\n", *at == '!' ? "!" : "", name ? name + 1 : at);
    }
}

int main(int argc, char **argv)
{
    int failed = 0;
    if (argc < 2 || strcmp(argv[1], "list")) {
        failed += later("goes", NULL, 0);
        failed += later("moves", "moved", 0);
        failed += later("new", "OLD", MOVEFILE_REPLACE_EXISTING);
        failed += later("stays", "taken", 0);
        failed += later("empty folder", NULL, 0);
        failed += later("full folder", NULL, 0);
        failed += later("absent", NULL, 0);
        failed += later("new.exe", "program.exe", MOVEFILE_REPLACE_EXISTING);
        failed += !MoveFileExA("goes", "moved", MOVEFILE_COPY_ALLOWED | MOVEFILE_DELAY_UNTIL_REBOOT) &&
                          GetLastError() == ERROR_INVALID_PARAMETER
                      ? 0
                      : 1;
    }
    list();
    return failed;
}

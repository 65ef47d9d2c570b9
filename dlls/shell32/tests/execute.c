// ShellExecute and FindExecutable: classes, verbs, command templates, where names are looked for. Run with
// "child" it writes its command line and folder down.
// link: -lshell32
#include <windows.h>
#include <shellapi.h>
#include <stdio.h>
#include <string.h>
#include "tests/check.h"

static char self[MAX_PATH], folder[MAX_PATH], said[4096], said_folder[MAX_PATH];

static int be_child(void)
{
    char path[MAX_PATH], here[MAX_PATH];
    GetEnvironmentVariableA("SAID", path, sizeof path);
    GetCurrentDirectoryA(sizeof here, here);
    FILE *file = fopen(path, "w");
    fprintf(file, "%s\n%s\n", GetCommandLineA(), here);
    fclose(file);
    return 7;
}

static void set_value(const char *key, const char *name, const char *value)
{
    HKEY handle;
    CHECK_EQUAL(RegCreateKeyExA(HKEY_CLASSES_ROOT, key, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &handle, NULL), 0);
    if (value)
        CHECK_EQUAL(RegSetValueExA(handle, name, 0, REG_SZ, (const BYTE *)value, strlen(value) + 1), 0);
    RegCloseKey(handle);
}

// A verb that starts this program as the child, with TAIL.
static void set_verb(const char *class, const char *verb, const char *tail)
{
    char key[MAX_PATH], command[MAX_PATH * 2];
    snprintf(key, sizeof key, "%s\\shell\\%s\\command", class, verb);
    snprintf(command, sizeof command, "\"%s\" child %s", self, tail);
    set_value(key, NULL, command);
}

static void make_file(const char *name)
{
    char path[MAX_PATH];
    snprintf(path, sizeof path, "%s\\%s", folder, name);
    CloseHandle(CreateFileA(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL));
}

static void read_said(void)
{
    char path[MAX_PATH];
    *said = *said_folder = 0;
    GetEnvironmentVariableA("SAID", path, sizeof path);
    FILE *file = fopen(path, "r");
    if (!file) return;
    if (!fgets(said, sizeof said, file) || !fgets(said_folder, sizeof said_folder, file)) *said = 0;
    fclose(file);
    DeleteFileA(path);
    said[strcspn(said, "\n")] = said_folder[strcspn(said_folder, "\n")] = 0;
}

// Executes, waits, and reads what the child said. Returns hInstApp.
static INT_PTR execute(DWORD mask, const char *verb, const char *file, const char *parameters,
                       const char *directory, const char *class)
{
    SHELLEXECUTEINFOA info = {.cbSize = sizeof info,
                              .fMask =
                                  mask | SEE_MASK_NOCLOSEPROCESS | SEE_MASK_NO_CONSOLE | SEE_MASK_FLAG_NO_UI,
                              .lpVerb = verb,
                              .lpFile = file,
                              .lpParameters = parameters,
                              .lpDirectory = directory,
                              .lpClass = class,
                              .hProcess = (HANDLE)1};
    DWORD status = 0;
    SetLastError(0);
    BOOL done = ShellExecuteExA(&info);
    CHECK_EQUAL(done, (INT_PTR)info.hInstApp > 32);
    CHECK_EQUAL(!done, info.hProcess == NULL);
    if (!done) return (INT_PTR)info.hInstApp;
    CHECK_EQUAL(WaitForSingleObject(info.hProcess, 30000), WAIT_OBJECT_0);
    GetExitCodeProcess(info.hProcess, &status);
    CHECK_EQUAL(status, 7);
    CloseHandle(info.hProcess);
    read_said();
    return (INT_PTR)info.hInstApp;
}

// What follows "child " in the child's command line.
static const char *tail(void)
{
    const char *at = strstr(said, " child ");
    return at ? at + 7 : "";
}

static void check_tail(const char *verb, const char *parameters, const char *wanted)
{
    char path[MAX_PATH];
    snprintf(path, sizeof path, "%s\\a file.lowl", folder);
    CHECK(execute(0, verb, path, parameters, NULL, NULL) > 32, "%s", verb);
    CHECK(!strcmp(tail(), wanted), "%s: %s", verb, tail());
}

static void check_templates(void)
{
    char wanted[MAX_PATH];
    snprintf(wanted, sizeof wanted, "\"%s\\a file.lowl\"", folder);
    check_tail(NULL, NULL, wanted);
    set_verb("lowlfile", "all", "%* %2 \"%3\" %20");
    check_tail("all", "p2 p3 ", "p2 p3  p2 \"p3\" p20");
    set_verb("lowlfile", "quotes", "\"%2\" \"%3\" \"%4\" \"%5\"");
    check_tail("quotes", "one\"quote \"p four\" x", "\"one\" \"quote\" \"p four\" \"x\"");
    check_tail("quotes", "two\"\"quotes \"p \"\" three\"p4", "\"two\"quotes\" \"p \" three\" \"p4\" \"\"");
    check_tail("quotes", "p2 p=\tp3 \"p4 is lost", "\"p2\" \"p=\tp3\" \"\" \"\"");
    check_tail("quotes", "\"\"\"three quotes\" \\\"p\\four", "\"\"three quotes\" \"\\\" \"p\\four\" \"\"");
    set_verb("lowlfile", "rest", "~2=%~2 ~3=\"%~3\" ~4=\"%~4\" ~5=%~5");
    check_tail("rest", "p2  p3 \"p4\"  p5 ",
               "~2=p2  p3 \"p4\"  p5  ~3=\"  p3 \"p4\"  p5 \" ~4=\" \"p4\"  p5 \" ~5=  p5 ");
    set_verb("lowlfile", "bad", "\"%% %- %~ %~0 %~a %~* %a %PATH%\"");
    check_tail("bad", "p2", "\"% - %~ %~0 %~a %~* a PATH\"");
    check_tail("quotes", "%PATH% %t", "\"%PATH%\" \"%t\" \"\" \"\"");
}

static void check_classes(void)
{
    char path[MAX_PATH];
    snprintf(path, sizeof path, "%s\\a file.lowl", folder);
    CHECK_EQUAL(execute(0, "notaverb", path, NULL, NULL, NULL), SE_ERR_NOASSOC);
    CHECK_EQUAL(GetLastError(), ERROR_NO_ASSOCIATION);
    CHECK_EQUAL(execute(0, NULL, self, "child", NULL, ".exe") > 32, 1);
    CHECK_EQUAL(execute(0, "notaverb", self, "child", NULL, NULL), SE_ERR_NOASSOC);
    CHECK(execute(SEE_MASK_CLASSNAME, NULL, self, NULL, NULL, ".lowl") > 32, "by class");
    CHECK(strstr(tail(), "execute.exe"), "%s", tail());
    CHECK(execute(SEE_MASK_CLASSNAME, NULL, self, NULL, NULL, "lowlfile") > 32, "by type");
    set_value("lowlname", NULL, "lowlfile");
    CHECK_EQUAL(execute(SEE_MASK_CLASSNAME, NULL, self, NULL, NULL, "lowlname"), SE_ERR_NOASSOC);
    // A class whose only verb is another than open.
    set_value(".lowlb", NULL, "lowlbfile");
    set_verb("lowlbfile", "averb", "other");
    make_file("b.lowlb");
    snprintf(path, sizeof path, "%s\\b.lowlb", folder);
    CHECK(execute(0, NULL, path, NULL, NULL, NULL) > 32, "the only verb");
    CHECK(!strcmp(tail(), "other"), "%s", tail());
    set_verb("lowlbfile", "second", "second");
    set_value("lowlbfile\\shell", NULL, "none,second");
    CHECK(execute(0, NULL, path, NULL, NULL, NULL) > 32, "the verb that shell names");
    CHECK(!strcmp(tail(), "second"), "%s", tail());
    snprintf(path, sizeof path, "%s\\c.noassoc", folder);
    make_file("c.noassoc");
    CHECK_EQUAL(execute(0, NULL, path, NULL, NULL, NULL), SE_ERR_NOASSOC);
    set_value("lowlfile\\shell\\dde\\ddeexec", NULL, "[open]");
    set_verb("lowlfile", "dde", "");
    snprintf(path, sizeof path, "%s\\a file.lowl", folder);
    CHECK_EQUAL(execute(0, "dde", path, NULL, NULL, NULL), SE_ERR_DDEFAIL);
}

static void check_names(void)
{
    char path[MAX_PATH];
    INT_PTR none = SE_ERR_FNF;
    SetEnvironmentVariableA("HERE", folder);
    snprintf(path, sizeof path, "\"\"%s\\a file.lowl\"\"", folder);
    CHECK(execute(0, NULL, path, NULL, NULL, NULL) > 32, "twice quoted");
    snprintf(path, sizeof path, "\"%s\\a file.lowl", folder);
    CHECK_EQUAL(execute(0, NULL, path, NULL, NULL, NULL), none);
    snprintf(path, sizeof path, "\"%s\" child", self);
    CHECK_EQUAL(execute(0, NULL, path, NULL, NULL, NULL), none);
    snprintf(path, sizeof path, "%s\\missing.lowl", folder);
    CHECK_EQUAL(execute(0, "notaverb", path, NULL, NULL, NULL), none);
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK_EQUAL(execute(0, NULL, "%HERE%\\a file.lowl", NULL, NULL, NULL), none);
    CHECK(execute(SEE_MASK_DOENVSUBST, NULL, "%HERE%\\a file.lowl ", NULL, NULL, NULL) > 32, "expanded");
    CHECK_EQUAL(execute(SEE_MASK_DOENVSUBST, NULL, " %HERE%\\a file.lowl", NULL, NULL, NULL), none);
    CHECK_EQUAL(execute(0, NULL, "a file.lowl", NULL, NULL, NULL), none);
    CHECK(execute(0, NULL, "a file.lowl", NULL, folder, NULL) > 32, "in a folder");
    CHECK(!lstrcmpiA(said_folder, folder), "%s", said_folder);
    CHECK_EQUAL(execute(0, NULL, "a file.lowl", NULL, "%HERE%", NULL), none);
    // Not beside the program, but in the folder, in PATH and without its extension.
    CHECK_EQUAL(execute(0, NULL, strrchr(self, '\\') + 1, "child", folder, NULL), none);
    snprintf(path, sizeof path, "%s\\other.exe", folder);
    CHECK(CopyFileA(self, path, FALSE), "%lu", GetLastError());
    CHECK(execute(0, NULL, "other", "child x", folder, NULL) > 32, "without extension");
    CHECK(strstr(said, path) && !strcmp(tail(), "x"), "%s", said);
    char before[4096], search[8192];
    GetEnvironmentVariableA("PATH", before, sizeof before);
    snprintf(search, sizeof search, "%s;%s", before, folder);
    SetEnvironmentVariableA("PATH", search);
    CHECK(execute(0, NULL, "other.exe", "child x", NULL, NULL) > 32, "in PATH");
    SetEnvironmentVariableA("PATH", before);
    CHECK_EQUAL(execute(0, NULL, "other.exe", "child x", NULL, NULL), none);
}

static void check_urls(void)
{
    char url[MAX_PATH * 2];
    CHECK_EQUAL(execute(0, NULL, "lowlnone://x", NULL, NULL, NULL), SE_ERR_NOASSOC);
    set_verb("lowlproto", "open", "%1");
    CHECK_EQUAL(execute(0, NULL, "lowlproto://x", NULL, NULL, NULL), SE_ERR_NOASSOC);
    set_value("lowlproto", "URL Protocol", "");
    CHECK(execute(0, NULL, "lowlproto://x/y.exe", NULL, NULL, NULL) > 32, "a scheme");
    CHECK(!strcmp(tail(), "lowlproto://x/y.exe"), "%s", tail());
    CHECK(execute(0, NULL, "lowlproto:a\" b", NULL, NULL, NULL) > 32, "a quote in a URL");
    CHECK(!strcmp(tail(), "lowlproto:a%22 b"), "%s", tail());
    CHECK(execute(SEE_MASK_DOENVSUBST, NULL, "lowlproto:%HERE%", NULL, NULL, NULL) > 32, "expanded");
    CHECK(strstr(tail(), folder), "%s", tail());
    snprintf(url, sizeof url, "file:///%s/a file.lowl", folder);
    CHECK(execute(0, NULL, url, NULL, NULL, NULL) > 32, "%s", url);
    CHECK(strstr(tail(), "\\a file.lowl"), "%s", tail());
    snprintf(url, sizeof url, "file://nohost/%s/a file.lowl", folder);
    CHECK(execute(0, NULL, url, NULL, NULL, NULL) <= 32, "%s", url);
}

static void check_find(void)
{
    char found[MAX_PATH], path[MAX_PATH];
    snprintf(path, sizeof path, "%s\\a file.lowl", folder);
    CHECK((INT_PTR)FindExecutableA(path, NULL, found) > 32, "%s", path);
    CHECK(!lstrcmpiA(found, self), "%s", found);
    CHECK((INT_PTR)FindExecutableA("a file.lowl", folder, found) > 32, "in a folder");
    CHECK_EQUAL((INT_PTR)FindExecutableA("a file.lowl", NULL, found), SE_ERR_FNF);
    CHECK_EQUAL(*found, 0);
    CHECK_EQUAL((INT_PTR)FindExecutableA(folder, NULL, found), SE_ERR_NOASSOC);
    CHECK((INT_PTR)FindExecutableA(self, NULL, found) > 32, "itself");
    CHECK(!lstrcmpiA(found, self), "%s", found);
    CHECK((INT_PTR)FindExecutableA("cmd", NULL, found) > 32, "cmd");
    CHECK(strstr(found, "cmd.exe"), "%s", found);
}

// App Paths: where a program is that PATH does not have, and what its PATH begins with.
static void check_app_paths(void)
{
    char path[MAX_PATH], key[] = "Software\\Microsoft\\Windows\\CurrentVersion\\App Paths\\lowlapp.exe";
    HKEY handle;
    CHECK_EQUAL(execute(0, NULL, "lowlapp", "child", NULL, NULL), SE_ERR_FNF);
    CHECK_EQUAL(RegCreateKeyExA(HKEY_CURRENT_USER, key, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &handle, NULL), 0);
    snprintf(path, sizeof path, "%s\\other.exe", folder);
    RegSetValueExA(handle, NULL, 0, REG_SZ, (const BYTE *)path, strlen(path) + 1);
    CHECK(execute(0, NULL, "lowlapp", "child", NULL, NULL) > 32, "by App Paths");
    CHECK(strstr(said, "other.exe"), "%s", said);
    RegCloseKey(handle);
    RegDeleteKeyA(HKEY_CURRENT_USER, key);
}

static const char *const classes[] = {".lowl",     "lowlfile",  "lowlname", ".lowlb",
                                      "lowlbfile", "lowlproto", NULL};

static void remove_classes(void)
{
    for (int i = 0; classes[i]; i++) RegDeleteTreeA(HKEY_CLASSES_ROOT, classes[i]);
}

static void clean_up(void)
{
    static const char *const files[] = {"a file.lowl", "b.lowlb", "c.noassoc", "other.exe", NULL};
    char path[MAX_PATH];
    for (int i = 0; files[i]; i++) {
        snprintf(path, sizeof path, "%s\\%s", folder, files[i]);
        CHECK(DeleteFileA(path), "%s: %lu", path, GetLastError());
    }
    CHECK(RemoveDirectoryA(folder), "%lu", GetLastError());
    remove_classes();
}

int main(int argc, char **argv)
{
    char path[MAX_PATH];
    if (argc > 1 && !strcmp(argv[1], "child")) return be_child();
    GetModuleFileNameA(NULL, self, sizeof self);
    GetTempPathA(sizeof path, path);
    snprintf(folder, sizeof folder, "%sexecute test", path);
    CreateDirectoryA(folder, NULL);
    snprintf(path, sizeof path, "%s\\said.txt", folder);
    SetEnvironmentVariableA("SAID", path);
    remove_classes(); // of a run that was cut off
    set_value(".lowl", NULL, "lowlfile");
    set_verb("lowlfile", "open", "\"%1\"");
    make_file("a file.lowl");
    check_templates();
    check_classes();
    check_names();
    check_urls();
    check_find();
    check_app_paths();
    SHELLEXECUTEINFOA wrong = {.cbSize = 1};
    CHECK_EQUAL(ShellExecuteExA(&wrong), FALSE);
    clean_up();
    return check_summary();
}

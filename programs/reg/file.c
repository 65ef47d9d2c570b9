// REG EXPORT and IMPORT: .reg files. REG SAVE, RESTORE, LOAD and UNLOAD: hive files.
#include "../shared/file_walk.h"
#include "../shared/registry_file.h"
#include "operation.h"
#include <stdlib.h>
#include <wchar.h>

// Asks before a file is overwritten.
static bool may_write(const struct arguments *arguments)
{
    const WCHAR *path = arguments->operands[1];
    if (is_given(arguments, L"y") || GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES) return true;
    if (ask(false, L"File %s already exists. Overwrite ", full_file(path)) == ANSWER_YES) return true;
    print(L"%s\r\n", error_text(ERROR_CANCELLED));
    return false;
}

int operation_export(const struct arguments *arguments)
{
    struct key_name key;
    HKEY handle;
    bool registry;
    if (!take_key_name(arguments->operands[0], &key)) return FAILED_STATUS;
    LSTATUS status = RegOpenKeyExW(key.root, key.path, 0, KEY_READ | arguments->view, &handle);
    if (status) return fail_error((DWORD)status);
    RegCloseKey(handle);
    if (!may_write(arguments)) return SUCCEEDED_STATUS;
    DWORD error = registry_export_file(&key, arguments->operands[1], false, arguments->view, &registry);
    if (!error) return succeed();
    if (registry) return fail_error(error);
    return fail_with(L"Unable to write to the file. There may be a disk or file system error.");
}

int operation_import(const struct arguments *arguments)
{
    bool registry;
    DWORD error = registry_import_file(arguments->operands[0], arguments->view, &registry);
    if (error == ERROR_BAD_FORMAT)
        return fail_with(
            L"The specified file is not a registry script. Only registry files can be imported.");
    if (error && registry) return fail_with(L"Error accessing the registry.");
    if (error) return fail_with(L"Error opening the file. There may be a disk or file system error.");
    // Windows writes even this to standard error.
    complain(L"%s\r\n", error_text(ERROR_SUCCESS));
    return SUCCEEDED_STATUS;
}

// Hive files may only be touched with these two, which administrators' tokens have switched off.
static void enable_privileges(void)
{
    static const char *const names[] = {SE_BACKUP_NAME, SE_RESTORE_NAME};
    HANDLE token;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES, &token)) return;
    for (size_t i = 0; i < ARRAYSIZE(names); i++) {
        TOKEN_PRIVILEGES privileges = {.PrivilegeCount = 1};
        privileges.Privileges[0].Attributes = SE_PRIVILEGE_ENABLED;
        if (LookupPrivilegeValueA(NULL, names[i], &privileges.Privileges[0].Luid))
            AdjustTokenPrivileges(token, FALSE, &privileges, 0, NULL, NULL);
    }
    CloseHandle(token);
}

static int end(LSTATUS status)
{
    return status ? fail_error((DWORD)status) : succeed();
}

// RegSaveKeyEx wants to make its file: where one is there already, it is replaced when the new one is whole.
static LSTATUS save_key(HKEY key, const WCHAR *file)
{
    WCHAR beside[MAX_PATH];
    if (GetFileAttributesW(file) == INVALID_FILE_ATTRIBUTES)
        return RegSaveKeyExW(key, file, NULL, REG_LATEST_FORMAT);
    if ((unsigned)_snwprintf(beside, MAX_PATH, L"%s.new", file) >= MAX_PATH)
        return ERROR_FILENAME_EXCED_RANGE;
    LSTATUS status = RegSaveKeyExW(key, beside, NULL, REG_LATEST_FORMAT);
    if (status) return status;
    if (MoveFileExW(beside, file, MOVEFILE_REPLACE_EXISTING)) return ERROR_SUCCESS;
    status = (LSTATUS)GetLastError();
    DeleteFileW(beside);
    return status;
}

int operation_save(const struct arguments *arguments)
{
    struct key_name name;
    HKEY key;
    if (!take_key_name(arguments->operands[0], &name)) return FAILED_STATUS;
    LSTATUS status = RegOpenKeyExW(name.root, name.path, 0, KEY_READ | arguments->view, &key);
    if (status) return fail_error((DWORD)status);
    if (!may_write(arguments)) return SUCCEEDED_STATUS;
    enable_privileges();
    status = save_key(key, arguments->operands[1]);
    RegCloseKey(key);
    return end(status);
}

int operation_restore(const struct arguments *arguments)
{
    struct key_name name;
    HKEY key;
    if (!take_key_name(arguments->operands[0], &name)) return FAILED_STATUS;
    enable_privileges();
    LSTATUS status = RegOpenKeyExW(name.root, name.path, 0, KEY_READ | KEY_WRITE | arguments->view, &key);
    if (status) return fail_error((DWORD)status);
    status = RegRestoreKeyW(key, arguments->operands[1], REG_FORCE_RESTORE);
    RegCloseKey(key);
    return end(status);
}

int operation_load(const struct arguments *arguments)
{
    struct key_name name;
    if (!take_key_name(arguments->operands[0], &name)) return FAILED_STATUS;
    enable_privileges();
    return end(RegLoadKeyW(name.root, name.path, arguments->operands[1]));
}

int operation_unload(const struct arguments *arguments)
{
    struct key_name name;
    if (!take_key_name(arguments->operands[0], &name)) return FAILED_STATUS;
    enable_privileges();
    return end(RegUnLoadKeyW(name.root, name.path));
}

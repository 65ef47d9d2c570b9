// takeown.exe: makes the user, or the administrators, the owner of files.
#include "../shared/account.h"
#include "../shared/file_walk.h"
#include <stdlib.h>
#include <wchar.h>

struct options {
    const WCHAR *file;
    bool administrators, deep;
    PSID owner;
    WCHAR *name; // of the owner
    int status;
};

static int fail(const WCHAR *message)
{
    complain(L"ERROR: %s\r\n", message);
    return 1;
}

// The user of this process; the caller frees it. NULL with the last error.
static PSID user_sid(void)
{
    struct {
        TOKEN_USER user;
        BYTE room[SECURITY_MAX_SID_SIZE];
    } information;
    HANDLE token;
    DWORD size;
    PSID sid = NULL;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) return NULL;
    if (GetTokenInformation(token, TokenUser, &information, sizeof information, &size)) {
        size = GetLengthSid(information.user.User.Sid);
        sid = take_memory(size);
        CopySid(size, sid, information.user.User.Sid);
    }
    CloseHandle(token);
    return sid;
}

static PSID administrators_sid(void)
{
    DWORD size = SECURITY_MAX_SID_SIZE;
    PSID sid = take_memory(size);
    return CreateWellKnownSid(WinBuiltinAdministratorsSid, NULL, sid, &size) ? sid : NULL;
}

static void take(struct options *options, const WCHAR *path)
{
    SECURITY_DESCRIPTOR descriptor;
    WCHAR *full = full_file(path);
    InitializeSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION);
    SetSecurityDescriptorOwner(&descriptor, options->owner, FALSE);
    if (!SetFileSecurityW(full, OWNER_SECURITY_INFORMATION, &descriptor)) {
        options->status = fail(error_text(GetLastError()));
    } else {
        print(L"\r\nSUCCESS: The file (or folder): \"%s\" now owned by %s \"%s\".\r\n", full,
              options->administrators ? L"the administrators group" : L"user", options->name);
    }
    free(full);
}

static bool take_entry(const WCHAR *path, const WIN32_FIND_DATAW *data, void *context)
{
    (void)data;
    take(context, path);
    return true;
}

static void take_named(struct options *options)
{
    bool whole = is_directory(options->file);
    if (whole) take(options, options->file);
    if (whole && !options->deep) return;
    WCHAR *pattern = whole ? join_file(options->file, L"*") : copy_text(options->file);
    int count = walk_files(pattern, options->deep, take_entry, options);
    if (!whole && !count) options->status = fail(error_text(ERROR_FILE_NOT_FOUND));
    free(pattern);
}

int wmain(int count, WCHAR **words)
{
    struct options options = {};
    for (int i = 1; i < count; i++) {
        const WCHAR *word = words[i], *value = i + 1 < count ? words[i + 1] : NULL;
        if (_wcsicmp(word, L"/?") == 0) {
            print(L"TAKEOWN /F name [/A] [/R [/D Y | N]]\r\n\r\n"
                  L"  /A  for the administrators, not the user    /R  with all that is below a directory\r\n"
                  L"  /D  the answer where a directory can't be read\r\n");
            return 0;
        }
        if (_wcsicmp(word, L"/a") == 0) {
            options.administrators = true;
        } else if (_wcsicmp(word, L"/r") == 0) {
            options.deep = true;
        } else if (_wcsicmp(word, L"/skipsl") == 0) {
            // Links are never followed.
        } else if (value && _wcsicmp(word, L"/f") == 0) {
            options.file = words[++i];
        } else if (value && _wcsicmp(word, L"/d") == 0) {
            i++; // whoever may take a directory may read it here
        } else {
            return fail(L"Invalid syntax.\r\nType \"TAKEOWN /?\" for usage.");
        }
    }
    if (!options.file)
        return fail(L"Invalid syntax. Mandatory option /F is missing.\r\nType \"TAKEOWN /?\" for usage.");
    options.owner = options.administrators ? administrators_sid() : user_sid();
    if (!options.owner) return fail(error_text(GetLastError()));
    options.name = account_name(options.owner, NULL);
    if (!options.name) return fail(error_text(GetLastError()));
    take_named(&options);
    return options.status;
}

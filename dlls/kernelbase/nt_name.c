// NT names and object attributes from what Win32 functions are given.
#include "base.h"
#include "private_namespace.h"

static void fill_attributes(struct nt_name *name, const SECURITY_ATTRIBUTES *security)
{
    ULONG flags = OBJ_CASE_INSENSITIVE;
    if (security && security->bInheritHandle) flags |= OBJ_INHERIT;
    InitializeObjectAttributes(&name->attributes, name->name.Buffer ? &name->name : NULL, flags, NULL,
                               security ? security->lpSecurityDescriptor : NULL);
}

bool nt_name_from_path(struct nt_name *name, const WCHAR *path, const SECURITY_ATTRIBUTES *security)
{
    memset(name, 0, sizeof(*name));
    NTSTATUS status = path ? RtlDosPathNameToNtPathName_U_WithStatus(path, &name->name, NULL, NULL)
                           : STATUS_OBJECT_PATH_NOT_FOUND;
    if (!NT_SUCCESS(status)) {
        memset(name, 0, sizeof(*name));
        return fail_with(status == STATUS_NAME_TOO_LONG ? ERROR_FILENAME_EXCED_RANGE : ERROR_PATH_NOT_FOUND);
    }
    fill_attributes(name, security);
    return true;
}

static bool starts_with(const WCHAR *text, const WCHAR *prefix)
{
    for (; *prefix; text++, prefix++)
        if (*text != *prefix) return false;
    return true;
}

bool nt_name_from_object(struct nt_name *name, const WCHAR *text, const SECURITY_ATTRIBUTES *security)
{
    const WCHAR *directory = L"\\Sessions\\1\\BaseNamedObjects\\";
    HANDLE root = NULL;
    memset(name, 0, sizeof(*name));
    if (text && text[0]) {
        if ((root = private_namespace_of(text, &text)))
            directory = L"";
        else if (starts_with(text, L"Global\\")) {
            directory = L"\\BaseNamedObjects\\";
            text += 7;
        } else if (starts_with(text, L"Local\\")) {
            text += 6;
        } else if (text[0] == '\\') {
            return fail_with(ERROR_BAD_PATHNAME); // names are relative to the session's directory
        }
        SIZE_T length = wide_length(text), prefix = wide_length(directory);
        if (length > 0x7F00) return fail_with(ERROR_FILENAME_EXCED_RANGE);
        WCHAR *buffer = heap_alloc((prefix + length + 1) * sizeof(WCHAR));
        if (!buffer) return false;
        memcpy(buffer, directory, prefix * sizeof(WCHAR));
        memcpy(buffer + prefix, text, (length + 1) * sizeof(WCHAR));
        RtlInitUnicodeString(&name->name, buffer);
    }
    fill_attributes(name, security);
    name->attributes.RootDirectory = root;
    name->attributes.Attributes &=
        ~OBJ_CASE_INSENSITIVE; // in names of objects, unlike in paths, case matters
    // Creating an existing object opens it, and says so by ERROR_ALREADY_EXISTS.
    if (name->name.Buffer) name->attributes.Attributes |= OBJ_OPENIF;
    return true;
}

void nt_name_free(struct nt_name *name)
{
    if (name->name.Buffer) heap_free(name->name.Buffer);
    name->name.Buffer = NULL;
}

// Activation contexts from manifests in files: what is wrong in them is refused, dependencies are found,
// sections and queries tell what they say.
#include "tests/check.h"
#include <stdio.h>
#include <string.h>
#include <windows.h>

#define HEAD "<assembly xmlns='urn:schemas-microsoft-com:asm.v1' manifestVersion='1.0'>"
#define SELF "<assemblyIdentity name='Main' type='win32' version='1.2.3.4'/>"
#define TAIL "</assembly>"

static void write_text(const char *name, const char *text)
{
    DWORD written;
    HANDLE file = CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    WriteFile(file, text, (DWORD)strlen(text), &written, NULL);
    CloseHandle(file);
}

static HANDLE create(const char *text)
{
    ACTCTXA wanted = {.cbSize = sizeof(wanted), .lpSource = "test.manifest"};
    write_text("test.manifest", text);
    HANDLE context = CreateActCtxA(&wanted);
    DeleteFileA("test.manifest");
    return context;
}

static void test_refused(void)
{
    static const char *const wrong[] = {
        "",
        "no XML",
        "<assembly",
        HEAD,
        HEAD SELF,
        HEAD SELF "</other>",
        HEAD SELF TAIL "<more/>",
        HEAD SELF TAIL "text",
        "<assembly manifestVersion='1.0'>" SELF TAIL,
        "<assembly xmlns='urn:schemas-microsoft-com:asm.v1'>" SELF TAIL,
        "<assembly xmlns='urn:other' manifestVersion='1.0'>" SELF TAIL,
        HEAD SELF "<file/>" TAIL,
        HEAD SELF "<file name='a.dll'><comClass clsid='nonsense'/></file>" TAIL,
        HEAD "<assemblyIdentity name='Main' version='1.70000'/>" TAIL,
        HEAD "<assemblyIdentity type='win32'/>" TAIL,
        HEAD SELF "<!-- never ends" TAIL,
        HEAD SELF "<a b=c/>" TAIL,
        HEAD SELF "<dependency><dependentAssembly><assemblyIdentity name='Lacking' version='1.0.0.0'/>"
                  "</dependentAssembly></dependency>" TAIL,
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        SetLastError(0);
        HANDLE context = create(wrong[i]);
        CHECK(context == INVALID_HANDLE_VALUE && GetLastError() == ERROR_SXS_CANT_GEN_ACTCTX, "%u: error %lu",
              (unsigned)i, GetLastError());
    }
    // Nesting without end must not use up the stack.
    static char deep[20000];
    strcpy(deep, HEAD);
    for (char *end = deep + strlen(deep); end < deep + sizeof(deep) - 8; end += 3) strcpy(end, "<a>");
    CHECK(create(deep) == INVALID_HANDLE_VALUE, "nesting without end");
}

static const char main_manifest[] =
    HEAD SELF "<dependency><dependentAssembly><assemblyIdentity name='Dep' version='2.0.0.0' type='win32'/>"
              "</dependentAssembly></dependency>"
              "<trustInfo xmlns='urn:schemas-microsoft-com:asm.v2'><security><requestedPrivileges>"
              "<requestedExecutionLevel level='highestAvailable' uiAccess='true'/>"
              "</requestedPrivileges></security></trustInfo>"
              "<application xmlns='urn:schemas-microsoft-com:asm.v3'><windowsSettings "
              "xmlns:w='http://schemas.microsoft.com/SMI/2016/WindowsSettings'><w:longPathAware> true "
              "</w:longPathAware>"
              "</windowsSettings></application>" TAIL;
static const char dep_manifest[] = HEAD
    "<assemblyIdentity name='dep' version='2.0.0.0' type='win32'/>"
    "<file name='one.dll'><windowClass>Plain</windowClass><windowClass versioned='no'>Old</windowClass>"
    "<comClass clsid='{12345678-1234-5678-1234-111122223333}' threadingModel='Both' progid='A.B'/></file>"
    "<file name='two.dll'/>" TAIL;

// What a context says of a file's name goes before all directories.
static void test_search(void)
{
    char path[MAX_PATH], *part = NULL;
    ULONG_PTR cookie;
    write_text("Dep.manifest", dep_manifest);
    HANDLE context = create(main_manifest);
    CHECK(!SearchPathA(NULL, "two.dll", NULL, sizeof(path), path, NULL), "found without a context");
    CHECK(ActivateActCtx(context, &cookie), "error %lu", GetLastError());
    DWORD length = SearchPathA(NULL, "two", ".dll", sizeof(path), path, &part);
    CHECK(length == strlen(path) && part && !strcmp(part, "two.dll"), "%s", path);
    CHECK_EQUAL(SearchPathA(NULL, "two.dll", ".exe", 1, path, NULL), length + 1);
    CHECK(!SearchPathA(NULL, "two", ".exe", sizeof(path), path, NULL), "with another extension");
    CHECK(!SearchPathA(NULL, ".\\two.dll", NULL, sizeof(path), path, NULL), "with a path");
    CHECK(!SearchPathA("C:\\windows", "two.dll", NULL, sizeof(path), path, NULL), "in a directory");
    DeactivateActCtx(0, cookie);
    ReleaseActCtx(context);
    DeleteFileA("Dep.manifest");
}

static void test_sections(void)
{
    ACTCTX_SECTION_KEYED_DATA data = {.cbSize = sizeof(data)}, by_alias = {.cbSize = sizeof(data)};
    ULONG_PTR cookie;
    const GUID class = {0x12345678, 0x1234, 0x5678, {0x12, 0x34, 0x11, 0x11, 0x22, 0x22, 0x33, 0x33}};

    CHECK(!FindActCtxSectionStringW(0, NULL, ACTIVATION_CONTEXT_SECTION_DLL_REDIRECTION, L"one.dll", &data),
          "found without a context");
    write_text("Dep.manifest", dep_manifest);
    HANDLE context = create(main_manifest);
    CHECK(context != INVALID_HANDLE_VALUE, "error %lu", GetLastError());
    CHECK(ActivateActCtx(context, &cookie), "error %lu", GetLastError());
    CHECK(FindActCtxSectionStringW(0, NULL, ACTIVATION_CONTEXT_SECTION_DLL_REDIRECTION, L"ONE.dll", &data),
          "error %lu", GetLastError());
    CHECK_EQUAL(data.ulAssemblyRosterIndex, 2);
    CHECK_EQUAL(data.ulLength, 20);
    CHECK(
        !FindActCtxSectionStringA(0, NULL, ACTIVATION_CONTEXT_SECTION_DLL_REDIRECTION, "three.dll", &data) &&
            GetLastError() == ERROR_SXS_KEY_NOT_FOUND,
        "error %lu", GetLastError());
    CHECK(!FindActCtxSectionStringW(0, NULL, 77, L"one.dll", &data) &&
              GetLastError() == ERROR_SXS_SECTION_NOT_FOUND,
          "error %lu", GetLastError());

    CHECK(FindActCtxSectionStringW(FIND_ACTCTX_SECTION_KEY_RETURN_HACTCTX, NULL,
                                   ACTIVATION_CONTEXT_SECTION_WINDOW_CLASS_REDIRECTION, L"plain", &data),
          "error %lu", GetLastError());
    CHECK(data.hActCtx == context, "the context");
    ReleaseActCtx(data.hActCtx);
    const ULONG *words = data.lpData;
    CHECK(!wcscmp((const WCHAR *)((const BYTE *)words + words[3]), L"2.0.0.0!Plain"), "%ls",
          (const WCHAR *)((const BYTE *)words + words[3]));
    CHECK(!wcscmp((const WCHAR *)((const BYTE *)data.lpSectionBase + words[5]), L"one.dll"), "the file");
    CHECK(
        FindActCtxSectionStringW(0, NULL, ACTIVATION_CONTEXT_SECTION_WINDOW_CLASS_REDIRECTION, L"Old", &data),
        "error %lu", GetLastError());
    words = data.lpData;
    CHECK(!wcscmp((const WCHAR *)((const BYTE *)words + words[3]), L"Old"), "unversioned");

    CHECK(FindActCtxSectionGuid(0, NULL, ACTIVATION_CONTEXT_SECTION_COM_SERVER_REDIRECTION, &class, &data),
          "error %lu", GetLastError());
    CHECK(FindActCtxSectionStringW(0, NULL, ACTIVATION_CONTEXT_SECTION_COM_PROGID_REDIRECTION, L"a.b",
                                   &by_alias),
          "error %lu", GetLastError());
    words = by_alias.lpData;
    const GUID *alias = (const GUID *)((const BYTE *)by_alias.lpSectionBase + words[2]);
    CHECK(FindActCtxSectionGuid(0, NULL, ACTIVATION_CONTEXT_SECTION_COM_SERVER_REDIRECTION, alias, &by_alias),
          "error %lu", GetLastError());
    CHECK(by_alias.lpData == data.lpData, "the class by its alias");
    CHECK(DeactivateActCtx(0, cookie), "error %lu", GetLastError());

    ACTIVATION_CONTEXT_RUN_LEVEL_INFORMATION level;
    CHECK(QueryActCtxW(0, context, NULL, RunlevelInformationInActivationContext, &level, sizeof(level), NULL),
          "error %lu", GetLastError());
    CHECK_EQUAL(level.RunLevel, ACTCTX_RUN_LEVEL_HIGHEST_AVAILABLE);
    CHECK_EQUAL(level.UiAccess, TRUE);
    struct {
        ACTIVATION_CONTEXT_ASSEMBLY_DETAILED_INFORMATION info;
        WCHAR text[1000];
    } assembly;
    ULONG index = 2;
    SIZE_T needed;
    CHECK(QueryActCtxW(0, context, &index, AssemblyDetailedInformationInActivationContext, &assembly,
                       sizeof(assembly), &needed),
          "error %lu", GetLastError());
    CHECK(!wcscmp(assembly.info.lpAssemblyEncodedAssemblyIdentity, L"dep,type=\"win32\",version=\"2.0.0.0\""),
          "%ls", assembly.info.lpAssemblyEncodedAssemblyIdentity);
    CHECK_EQUAL(assembly.info.ulFileCount, 2);
    index = 3;
    CHECK(!QueryActCtxW(0, context, &index, AssemblyDetailedInformationInActivationContext, &assembly,
                        sizeof(assembly), &needed),
          "an assembly too many");
    ReleaseActCtx(context);
    DeleteFileA("Dep.manifest");
}

// What of an image is meant must be said.
static void test_image_source(void)
{
    WCHAR program[MAX_PATH];
    ACTCTXW wanted = {.cbSize = sizeof(wanted), .dwFlags = ACTCTX_FLAG_HMODULE_VALID};
    wanted.hModule = GetModuleHandleW(NULL);
    CHECK(CreateActCtxW(&wanted) == INVALID_HANDLE_VALUE, "a module without a resource's name");
    CHECK_EQUAL(GetLastError(), ERROR_RESOURCE_TYPE_NOT_FOUND);
    wanted.dwFlags |= ACTCTX_FLAG_RESOURCE_NAME_VALID;
    CHECK(CreateActCtxW(&wanted) == INVALID_HANDLE_VALUE, "a NULL name");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    GetModuleFileNameW(NULL, program, MAX_PATH);
    wanted.dwFlags = 0;
    wanted.lpSource = program;
    CHECK(CreateActCtxW(&wanted) == INVALID_HANDLE_VALUE, "an image without a resource's name");
    CHECK_EQUAL(GetLastError(), ERROR_RESOURCE_TYPE_NOT_FOUND);
}

// An assembly with a DLL in a directory of its own, and a context that wants it.
static HANDLE create_twin(const char *directory, char dll[MAX_PATH])
{
    char system[MAX_PATH], path[MAX_PATH];
    CreateDirectoryA(directory, NULL);
    snprintf(dll, MAX_PATH, "%s\\twin.dll", directory);
    GetSystemDirectoryA(system, MAX_PATH);
    strcat(system, "\\version.dll");
    CHECK(CopyFileA(system, dll, FALSE), "copy: %lu", GetLastError());
    snprintf(path, sizeof(path), "%s\\twin.manifest", directory);
    write_text(path, HEAD
               "<assemblyIdentity name='twin' type='win32' version='1.0.0.0'/><file name='twin.dll'/>" TAIL);
    snprintf(path, sizeof(path), "%s\\main.manifest", directory);
    write_text(path, HEAD SELF "<dependency><dependentAssembly><assemblyIdentity name='twin' type='win32'"
                               " version='1.0.0.0'/></dependentAssembly></dependency>" TAIL);
    ACTCTXA wanted = {.cbSize = sizeof(wanted), .lpSource = path};
    return CreateActCtxA(&wanted);
}

static void remove_twin(const char *directory)
{
    static const char *const names[] = {"twin.dll", "twin.manifest", "main.manifest"};
    char path[MAX_PATH];
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof(path), "%s\\%s", directory, names[i]);
        DeleteFileA(path);
    }
    RemoveDirectoryA(directory);
}

// The active context says which of two DLLs of one name is meant.
static void test_twins(void)
{
    char dll[2][MAX_PATH], path[MAX_PATH];
    HMODULE module[2] = {0};
    ULONG_PTR cookie;
    HANDLE context[2] = {create_twin("twin-a", dll[0]), create_twin("twin-b", dll[1])};
    for (int i = 0; i < 2; i++) {
        CHECK(context[i] != INVALID_HANDLE_VALUE, "no context");
        ActivateActCtx(context[i], &cookie);
        CHECK(!GetModuleHandleA("twin.dll"), "it is the other one");
        module[i] = LoadLibraryA("twin.dll");
        CHECK(GetModuleHandleA("twin.dll") == module[i], "not found again");
        DeactivateActCtx(0, cookie);
        GetModuleFileNameA(module[i], path, MAX_PATH);
        CHECK(strstr(path, dll[i]), "%s, not %s", path, dll[i]);
    }
    CHECK(module[0] && module[0] != module[1], "one DLL");
    for (int i = 0; i < 2; i++) {
        FreeLibrary(module[i]);
        ReleaseActCtx(context[i]);
    }
    remove_twin("twin-a");
    remove_twin("twin-b");
}

int main(void)
{
    WCHAR directory[MAX_PATH];
    GetTempPathW(MAX_PATH, directory);
    SetCurrentDirectoryW(directory);
    test_refused();
    test_search();
    test_sections();
    test_image_source();
    test_twins();
    return check_summary();
}

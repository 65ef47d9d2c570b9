// How 64-bit code sees each 32-bit type: fixed-width numbers, gptr, HANDLE32, and structures with the
// suffix 32.
#include "thunkgen.h"
#include <string.h>

// The name that a structure goes by: that of the first typedef which names it directly.
struct name {
    CXCursor declaration;
    const char *name;
};
static struct name *names;
static unsigned names_n;

static CXCursor declaration_of(CXType type)
{
    return clang_getCanonicalCursor(clang_getTypeDeclaration(clang_getCanonicalType(type)));
}

static const struct name *find_name(CXCursor declaration)
{
    for (unsigned i = 0; i < names_n; i++) {
        if (clang_equalCursors(names[i].declaration, declaration)) return &names[i];
    }
    return NULL;
}

static void learn_name(CXCursor cursor, void *context)
{
    (void)context;
    if (clang_getCursorKind(cursor) != CXCursor_TypedefDecl) return;
    CXType type = clang_getTypedefDeclUnderlyingType(cursor);
    if (type.kind == CXType_Typedef) return;
    enum CXTypeKind kind = clang_getCanonicalType(type).kind;
    if (kind != CXType_Record && kind != CXType_Enum) return;
    if (clang_getCursorKind(clang_getTypeDeclaration(type)) == CXCursor_TypedefDecl) return;
    const char *name = text_of(clang_getCursorSpelling(cursor));
    if (strncmp(name, "thunk_", 6) == 0) return; // ours: TYPE(struct x)
    CXCursor declaration = declaration_of(type);
    if (find_name(declaration)) return;
    struct name *entry = append_slot((void **)&names, &names_n, sizeof *entry);
    entry->declaration = declaration;
    entry->name = name;
}

void types_learn_names(CXTranslationUnit unit)
{
    for_each_child(clang_getTranslationUnitCursor(unit), learn_name, NULL);
}

const char *record_name(CXType record)
{
    CXCursor declaration = declaration_of(record);
    const struct name *name = find_name(declaration);
    return name ? name->name : text_of(clang_getCursorSpelling(declaration));
}

static const char *typedef_name(CXType type)
{
    return type.kind == CXType_Typedef ? text_of(clang_getTypedefName(type)) : "";
}

// The type that a typedef stands for, without looking through further ones.
static CXType typedef_target(CXType type)
{
    return clang_getTypedefDeclUnderlyingType(clang_getTypeDeclaration(type));
}

// Whether type is the typedef name, directly or through others.
static bool goes_by(CXType type, const char *name)
{
    for (;;) {
        if (type.kind == CXType_Elaborated) type = clang_Type_getNamedType(type);
        if (type.kind != CXType_Typedef) return false;
        if (strcmp(typedef_name(type), name) == 0) return true;
        type = typedef_target(type);
    }
}

bool is_handle(CXType type)
{
    if (goes_by(type, "HANDLE")) return true;
    CXType canonical = clang_getCanonicalType(type);
    if (canonical.kind != CXType_Pointer) return false;
    CXType pointee = clang_getPointeeType(canonical);
    if (pointee.kind != CXType_Record) return false;
    // DECLARE_HANDLE(HWND) makes it a pointer to a struct HWND__.
    const char *tag = text_of(clang_getCursorSpelling(clang_getTypeDeclaration(pointee)));
    size_t length = strlen(tag);
    return length > 2 && strcmp(tag + length - 2, "__") == 0;
}

CXType pointee_type(CXType pointer)
{
    // Through typedefs one by one, so that PHANDLE points to a HANDLE and not to a void *.
    while (pointer.kind == CXType_Typedef || pointer.kind == CXType_Elaborated) {
        pointer = pointer.kind == CXType_Typedef ? typedef_target(pointer) : clang_Type_getNamedType(pointer);
    }
    CXType pointee = clang_getPointeeType(pointer);
    if (pointee.kind != CXType_Invalid) return pointee;
    return clang_getPointeeType(clang_getCanonicalType(pointer)); // an array parameter
}

static bool is_any_pointer(CXType type)
{
    enum CXTypeKind kind = clang_getCanonicalType(type).kind;
    return kind == CXType_Pointer || kind == CXType_IncompleteArray || kind == CXType_VariableArray;
}

bool is_pointer(CXType type)
{
    return is_any_pointer(type) && !is_handle(type);
}

bool is_status(CXType type)
{
    return goes_by(type, "NTSTATUS");
}

bool is_anonymous(CXType type)
{
    CXCursor declaration = clang_getTypeDeclaration(clang_getCanonicalType(type));
    return clang_Cursor_isAnonymous(declaration);
}

CXType without_arrays(CXType type)
{
    for (;;) {
        CXType canonical = clang_getCanonicalType(type);
        if (canonical.kind != CXType_ConstantArray && canonical.kind != CXType_IncompleteArray) return type;
        // The sugared element type where there is one, so that a HANDLE[2] stays an array of handles.
        CXType element = clang_getArrayElementType(type);
        type = element.kind == CXType_Invalid ? clang_getArrayElementType(canonical) : element;
    }
}

static const char *host_number(CXType canonical)
{
    switch (canonical.kind) {
    case CXType_Void: return "void";
    case CXType_Char_S: return "char";
    case CXType_SChar: return "int8_t";
    case CXType_Bool:
    case CXType_Char_U:
    case CXType_UChar: return "uint8_t";
    case CXType_Short: return "int16_t";
    case CXType_WChar:
    case CXType_Char16:
    case CXType_UShort: return "uint16_t";
    case CXType_Int:
    case CXType_Long: return "int32_t";
    case CXType_UInt:
    case CXType_ULong: return "uint32_t";
    case CXType_LongLong: return "int64_t";
    case CXType_ULongLong: return "uint64_t";
    case CXType_Float: return "float";
    case CXType_Double: return "double";
    case CXType_Enum: {
        CXType integer = clang_getEnumDeclIntegerType(clang_getTypeDeclaration(canonical));
        return host_number(clang_getCanonicalType(integer));
    }
    default: return NULL;
    }
}

const char *host_type(CXType type)
{
    if (is_handle(type)) return "HANDLE32";
    if (is_any_pointer(type)) return "gptr";
    if (is_status(type)) return "NTSTATUS";
    CXType canonical = clang_getCanonicalType(type);
    if (canonical.kind == CXType_Record) {
        if (clang_Type_getSizeOf(canonical) < 0 || is_anonymous(canonical)) return NULL;
        return format("%s32", record_name(canonical));
    }
    return host_number(canonical);
}

const char *host_declaration(CXType type, const char *name)
{
    CXType element = type;
    const char *dimensions = "";
    for (CXType canonical; (canonical = clang_getCanonicalType(element)).kind == CXType_ConstantArray ||
                           canonical.kind == CXType_IncompleteArray;) {
        long long n = canonical.kind == CXType_ConstantArray ? clang_getArraySize(canonical) : 0;
        dimensions = format("%s[%lld]", dimensions, n);
        CXType next = clang_getArrayElementType(element);
        element = next.kind == CXType_Invalid ? clang_getArrayElementType(canonical) : next;
    }
    const char *host = host_type(element);
    if (host) return format("%s %s%s", host, name, dimensions);
    // Vectors and long double are bytes.
    long long size = clang_Type_getSizeOf(element);
    if (size <= 0 || clang_getCanonicalType(element).kind == CXType_Record) return NULL;
    return format("uint8_t %s%s[%lld]", name, dimensions, size);
}

const char *thunk_kind_of(CXType type)
{
    if (is_handle(type)) return "THUNK_HANDLE";
    if (is_status(type)) return "THUNK_STATUS";
    if (is_any_pointer(type)) return "THUNK_POINTER";
    if (goes_by(type, "BOOL") || goes_by(type, "BOOLEAN")) return "THUNK_BOOL";
    CXType canonical = clang_getCanonicalType(type);
    switch (canonical.kind) {
    case CXType_Void: return "THUNK_VOID";
    case CXType_Float: return "THUNK_F32";
    case CXType_Double: return "THUNK_F64";
    case CXType_LongLong: return "THUNK_I64";
    case CXType_ULongLong: return "THUNK_U64";
    case CXType_Record: return "THUNK_STRUCT_VALUE";
    case CXType_ConstantArray:
    case CXType_IncompleteArray: return "THUNK_BYTES";
    default: {
        const char *host = host_number(canonical);
        if (!host) return "THUNK_BYTES";
        return host[0] == 'i' ? "THUNK_I32" : "THUNK_U32";
    }
    }
}

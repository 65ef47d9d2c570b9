// Short names: whether a name is one (at most eight characters, a dot and three more, of DOS's character
// set), and making one of a long name.
#include "rtl.h"
#include "nt/rtl_name.h"

enum {
    BASE_MAX = 8,
    EXTENSION_MAX = 3,
    NAME_MAX = BASE_MAX + 1 + EXTENSION_MAX,
    STEM = 6,          // characters of the long name before ~1
    STEM_CHECKSUM = 2, // before a checksum and ~1
    PLAIN_INDEXES = 4, // ~1 to ~4; then the checksum comes in
    DIGITS_MAX = 10,   // of any index that a caller's context may hold
};

static bool is_illegal(WCHAR c)
{
    static const char illegal[] = "\"*+,/:;<=>?[\\]|";

    return c < ' ' || (c < 0x80 && strchr(illegal, (char)c));
}

// Checks an OEM name by bytes. Lead bytes of double-byte characters stand for themselves: their trail bytes
// may be anything.
static bool is_legal(const STRING *oem, bool *spaces)
{
    ULONG length = oem->Length, dot = length;

    *spaces = false;
    if (!length) return true; // as Windows has it
    if (length > NAME_MAX) return false;
    if (oem->Buffer[0] == '.') return length == 1 || (length == 2 && oem->Buffer[1] == '.');
    for (ULONG i = 0; i < length; i++) {
        BYTE c = (BYTE)oem->Buffer[i];

        if (c == ' ') *spaces = true;
        if (c == '.') {
            if (dot != length || oem->Buffer[i - 1] == ' ') return false;
            dot = i;
        } else if (is_illegal(c)) {
            return false;
        }
    }
    if (dot == length - 1 || oem->Buffer[length - 1] == ' ') return false;
    return dot <= BASE_MAX && (dot == length || length - dot - 1 <= EXTENSION_MAX);
}

/** Whether a name, in upper case, is a short one. oem_name, if any, gets it in the OEM code page; *spaces
 * whether it has any. */
BOOLEAN NTAPI RtlIsNameLegalDOS8Dot3(PUNICODE_STRING name, PSTRING oem_name, PBOOLEAN spaces)
{
    char buffer[NAME_MAX];
    STRING own = {0, sizeof(buffer), buffer};
    bool has_spaces;

    if (name->Length > NAME_MAX * sizeof(WCHAR)) return FALSE;
    if (!oem_name) oem_name = &own;
    if (!NT_SUCCESS(RtlUpcaseUnicodeStringToCountedOemString(oem_name, name, FALSE))) return FALSE;
    if (!is_legal(oem_name, &has_spaces)) return FALSE;
    if (spaces) *spaces = has_spaces;
    return TRUE;
}

// A character of a short name for one of a long name; 0: it is left out.
static WCHAR short_char(WCHAR c, bool extended_allowed)
{
    if (c == ' ' || c == '.') return 0;
    if (is_illegal(c) || (c >= 0x7F && !extended_allowed)) return '_';
    return RtlUpcaseUnicodeChar(c);
}

static USHORT checksum_of(PCUNICODE_STRING name)
{
    ULONG sum = 0;

    for (ULONG i = 0; i < name->Length / sizeof(WCHAR); i++) sum = sum * 37 + name->Buffer[i];
    return (USHORT)(sum ^ sum >> 16);
}

// Takes from the long name what all its short names have.
static void begin(PCUNICODE_STRING name, bool extended_allowed, GENERATE_NAME_CONTEXT *context)
{
    ULONG length = name->Length / sizeof(WCHAR), first = 0, dot;

    while (first < length && name->Buffer[first] == '.') first++;
    for (dot = length; dot > first && name->Buffer[dot - 1] != '.';) dot--;
    dot = dot > first ? dot - 1 : length;
    context->NameLength = 0;
    for (ULONG i = first; i < dot && context->NameLength < STEM; i++) {
        WCHAR c = short_char(name->Buffer[i], extended_allowed);
        if (c) context->NameBuffer[context->NameLength++] = c;
    }
    context->ExtensionLength = 0;
    for (ULONG i = dot + 1; i < length && context->ExtensionLength <= EXTENSION_MAX; i++) {
        WCHAR c = short_char(name->Buffer[i], extended_allowed);
        if (c && !context->ExtensionLength) context->ExtensionBuffer[context->ExtensionLength++] = '.';
        if (c) context->ExtensionBuffer[context->ExtensionLength++] = c;
    }
    context->CheckSumInserted = FALSE;
    context->Checksum = 0;
    // A name of two characters or less would soon be taken.
    if (context->NameLength <= STEM_CHECKSUM) context->Checksum = checksum_of(name);
}

static void insert_checksum(PCUNICODE_STRING name, GENERATE_NAME_CONTEXT *context)
{
    if (context->NameLength > STEM_CHECKSUM) context->NameLength = STEM_CHECKSUM;
    context->Checksum = checksum_of(name);
    for (int shift = 12; shift >= 0; shift -= 4)
        context->NameBuffer[context->NameLength++] = L"0123456789ABCDEF"[context->Checksum >> shift & 0xF];
    context->CheckSumInserted = TRUE;
    context->LastIndexValue = 1;
}

/** The next short name for a long one: with ~1, and at each further call with the same context, which is
 * zeroed before the first, the next. result needs room for twelve characters. */
NTSTATUS NTAPI RtlGenerate8dot3Name(PCUNICODE_STRING name, BOOLEAN extended_allowed,
                                    PGENERATE_NAME_CONTEXT context, PUNICODE_STRING result)
{
    WCHAR digits[DIGITS_MAX], *at = result->Buffer;
    ULONG n = 0;

    if (!context->LastIndexValue) begin(name, extended_allowed, context);
    context->LastIndexValue++;
    if (!context->CheckSumInserted && (context->LastIndexValue > PLAIN_INDEXES || context->Checksum))
        insert_checksum(name, context);
    for (ULONG index = context->LastIndexValue; index; index /= 10) digits[n++] = (WCHAR)('0' + index % 10);
    ULONG stem = context->NameLength;
    if (n >= BASE_MAX - 1) return STATUS_FILE_SYSTEM_LIMITATION;
    if (stem > BASE_MAX - 1 - n) stem = BASE_MAX - 1 - n;
    memcpy(at, context->NameBuffer, stem * sizeof(WCHAR));
    at += stem;
    *at++ = '~';
    while (n) *at++ = digits[--n];
    memcpy(at, context->ExtensionBuffer, context->ExtensionLength * sizeof(WCHAR));
    at += context->ExtensionLength;
    result->Length = (USHORT)((at - result->Buffer) * sizeof(WCHAR));
    return STATUS_SUCCESS;
}

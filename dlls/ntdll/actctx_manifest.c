// Reads manifests into activation contexts: assemblies, files and what is in them, settings, compatibility.
// What is unknown is skipped, what is known must be right.
#include "actctx.h"
#include "rtl.h"

struct reader {
    struct activation_context *context;
    struct xml xml;
    struct assembly *assembly;
    const struct manifest_place *place;
    NTSTATUS status;
};

static void fail(struct reader *reader, NTSTATUS status)
{
    if (NT_SUCCESS(reader->status)) reader->status = status;
    reader->xml.failed = true;
}

static void wrong(struct reader *reader)
{
    fail(reader, STATUS_SXS_CANT_GEN_ACTCTX);
}

// The element is name in one of the namespaces of assemblies.
static bool is_assembly_element(const struct xml_element *element, const char *name)
{
    return xml_is(&element->name, name) && (xml_is(&element->space, "urn:schemas-microsoft-com:asm.v1") ||
                                            xml_is(&element->space, "urn:schemas-microsoft-com:asm.v2") ||
                                            xml_is(&element->space, "urn:schemas-microsoft-com:asm.v3"));
}

static bool is_element(const struct xml_element *element, const char *space, const char *name)
{
    return xml_is(&element->name, name) && xml_is(&element->space, space);
}

// ---- values ----

static void copy(struct reader *reader, UNICODE_STRING *to, const struct xml_text *text)
{
    if (!context_copy(reader->context, to, text->at, text->length)) fail(reader, STATUS_NO_MEMORY);
}

static bool text_attribute(struct reader *reader, const struct xml_element *element, const char *name,
                           UNICODE_STRING *value)
{
    struct xml_text text;

    if (!xml_attribute(element, name, &text)) return false;
    copy(reader, value, &text);
    return true;
}

static bool parse_number(const WCHAR **at, const WCHAR *end, ULONG limit, ULONG *value)
{
    const WCHAR *first = *at;

    for (*value = 0; *at < end && **at >= '0' && **at <= '9'; ++*at) {
        *value = *value * 10 + (ULONG)(**at - '0');
        if (*value > limit) return false;
    }
    return *at > first;
}

// Up to four numbers between dots.
static bool parse_version(const struct xml_text *text, struct version *version)
{
    const WCHAR *at = text->at, *end = at + text->length;
    ULONG number;

    memset(version, 0, sizeof(*version));
    for (unsigned i = 0; i < 4; i++) {
        if (!parse_number(&at, end, 0xFFFF, &number)) return false;
        version->parts[i] = (USHORT)number;
        if (at == end) return true;
        if (*at++ != '.') return false;
    }
    return false;
}

static bool guid_attribute(struct reader *reader, const struct xml_element *element, const char *name,
                           GUID *id)
{
    struct xml_text text;

    if (!xml_attribute(element, name, &text)) return false;
    UNICODE_STRING string = {text.length * sizeof(WCHAR), text.length * sizeof(WCHAR), (WCHAR *)text.at};
    if (!NT_SUCCESS(RtlGUIDFromString(&string, id))) wrong(reader);
    return true;
}

struct word {
    const char *text;
    ULONG value;
};

static ULONG word_value(const struct xml_text *text, const struct word *words)
{
    for (; words->text; words++)
        if (xml_is_ignoring_case(text, words->text)) return words->value;
    return 0;
}

// The sum of the words in a list with commas between.
static ULONG word_list(const struct xml_text *text, const struct word *words)
{
    ULONG sum = 0;

    for (ULONG i = 0, start = 0; i <= text->length; i++) {
        if (i < text->length && text->at[i] != ',') continue;
        const struct xml_text word = {text->at + start, i - start};
        sum |= word_value(&word, words);
        start = i + 1;
    }
    return sum;
}

// ---- what files have ----

static void read_window_class(struct reader *reader, const struct xml_element *element,
                              const UNICODE_STRING *file)
{
    struct entity *entity = section_add(reader->context, SECTION_WINDOW_CLASS, reader->assembly);
    struct xml_text versioned, name;

    if (!entity) return fail(reader, STATUS_NO_MEMORY);
    entity->file = *file;
    entity->window_class.versioned =
        !xml_attribute(element, "versioned", &versioned) || !xml_is_ignoring_case(&versioned, "no");
    name = xml_content(&reader->xml);
    copy(reader, &entity->key, &name);
}

static const struct word threading_models[] = {{"apartment", 1}, {"free", 2},    {"no", 3},
                                               {"both", 4},      {"neutral", 5}, {NULL, 0}};

static const struct word misc_statuses[] = { // OLEMISC
    {"recomposeonresize", 1},
    {"onlyiconic", 2},
    {"insertnotreplace", 4},
    {"static", 8},
    {"cantlinkinside", 16},
    {"canlinkbyole1", 32},
    {"islinkobject", 64},
    {"insideout", 128},
    {"activatewhenvisible", 256},
    {"renderingisdeviceindependent", 512},
    {"invisibleatruntime", 1024},
    {"alwaysrun", 2048},
    {"actslikebutton", 4096},
    {"actslikelabel", 8192},
    {"nouiactivate", 16384},
    {"alignable", 32768},
    {"simpleframe", 65536},
    {"setclientsitefirst", 131072},
    {"imemode", 262144},
    {"ignoreativatewhenvisible", 524288},
    {"wantstomenumerge", 1048576},
    {"supportsmultilevelundo", 2097152},
    {NULL, 0}};

// The attributes in the order of Windows' structure, with the bits that say that they are there.
static const struct {
    const char *name;
    ULONG bit;
} misc_attributes[5] = {{"miscStatus", 1},
                        {"miscStatusContent", 4},
                        {"miscStatusThumbnail", 8},
                        {"miscStatusIcon", 2},
                        {"miscStatusDocPrint", 16}};

static void add_program_id(struct reader *reader, const struct entity *of, const UNICODE_STRING *name)
{
    struct entity *entity = section_add(reader->context, SECTION_PROGRAM_ID, reader->assembly);

    if (!entity) return fail(reader, STATUS_NO_MEMORY);
    entity->key = *name;
    entity->program_id_of = of;
}

// A class id that only this process knows, for who looks a program id up.
static GUID make_alias(void)
{
    static LONG counter;
    ULONG seed = (ULONG)InterlockedIncrement(&counter) * 0x9E3779B9u ^
                 (ULONG)(ULONG_PTR)teb_self()->ClientId.UniqueProcess;
    GUID id = {RtlRandomEx(&seed),
               (USHORT)RtlRandomEx(&seed),
               (USHORT)(0x4000 | (RtlRandomEx(&seed) & 0xFFF)),
               {0x80}};

    memcpy(id.Data4 + 4, &counter, 4);
    return id;
}

// comClass in a file, or clrClass outside of one, whose server is the common language runtime's.
static void read_com_class(struct reader *reader, const struct xml_element *element,
                           const UNICODE_STRING *file, bool clr)
{
    struct entity *entity = section_add(reader->context, SECTION_COM_CLASS, reader->assembly);
    struct xml_element child;
    struct xml_text text;
    UNICODE_STRING name;

    if (!entity) return fail(reader, STATUS_NO_MEMORY);
    if (file) entity->file = *file;
    if (!guid_attribute(reader, element, "clsid", &entity->id)) return wrong(reader);
    guid_attribute(reader, element, "tlbid", &entity->com_class.type_library);
    entity->com_class.alias = make_alias();
    entity->com_class.clr = clr;
    entity->com_class.model =
        xml_attribute(element, "threadingModel", &text) ? word_value(&text, threading_models) : 3;
    for (unsigned i = 0; i < 5 && !clr; i++) {
        if (!xml_attribute(element, misc_attributes[i].name, &text)) continue;
        entity->com_class.misc[i] = word_list(&text, misc_statuses);
        entity->com_class.misc_mask |= misc_attributes[i].bit;
    }
    if (clr) {
        if (!text_attribute(reader, element, "name", &entity->com_class.clr_name)) return wrong(reader);
        text_attribute(reader, element, "runtimeVersion", &entity->com_class.clr_version);
    }
    if (text_attribute(reader, element, "progid", &entity->com_class.program_id))
        add_program_id(reader, entity, &entity->com_class.program_id);
    while (xml_child(&reader->xml, &child)) {
        if (!is_assembly_element(&child, "progid")) {
            xml_skip(&reader->xml);
            continue;
        }
        text = xml_content(&reader->xml);
        copy(reader, &name, &text);
        if (NT_SUCCESS(reader->status)) add_program_id(reader, entity, &name);
    }
}

static void read_interface(struct reader *reader, const struct xml_element *element, bool external)
{
    enum { METHODS = 1, BASE = 2 };
    struct entity *entity = section_add(reader->context, SECTION_INTERFACE, reader->assembly);
    struct xml_text text;

    if (!entity) return fail(reader, STATUS_NO_MEMORY);
    if (!guid_attribute(reader, element, "iid", &entity->id)) return wrong(reader);
    entity->proxy.interface_id = entity->id;
    if (external) guid_attribute(reader, element, "proxyStubClsid32", &entity->proxy.interface_id);
    guid_attribute(reader, element, "tlbid", &entity->proxy.type_library);
    if (guid_attribute(reader, element, "baseInterface", &entity->proxy.base)) entity->proxy.mask |= BASE;
    text_attribute(reader, element, "name", &entity->proxy.name);
    if (xml_attribute(element, "numMethods", &text)) {
        const WCHAR *at = text.at;
        if (!parse_number(&at, at + text.length, 0xFFFF, &entity->proxy.methods)) wrong(reader);
        entity->proxy.mask |= METHODS;
    }
    xml_skip(&reader->xml);
}

static void read_type_library(struct reader *reader, const struct xml_element *element,
                              const UNICODE_STRING *file)
{
    static const struct word flags[] = {
        {"restricted", 1}, {"control", 2}, {"hidden", 4}, {"hasdiskimage", 8}, {NULL, 0}};
    struct entity *entity = section_add(reader->context, SECTION_TYPE_LIBRARY, reader->assembly);
    struct version version;
    struct xml_text text;

    if (!entity) return fail(reader, STATUS_NO_MEMORY);
    entity->file = *file;
    if (!guid_attribute(reader, element, "tlbid", &entity->id) || !xml_attribute(element, "version", &text) ||
        !parse_version(&text, &version))
        return wrong(reader);
    entity->type_library.major = version.parts[0];
    entity->type_library.minor = version.parts[1];
    if (xml_attribute(element, "flags", &text)) entity->type_library.flags = (USHORT)word_list(&text, flags);
    text_attribute(reader, element, "helpdir", &entity->type_library.help);
    xml_skip(&reader->xml);
}

static void read_winrt_class(struct reader *reader, const struct xml_element *element,
                             const UNICODE_STRING *file)
{
    static const struct word models[] = {{"both", 0}, {"sta", 1}, {"mta", 2}, {NULL, 0}};
    struct entity *entity = section_add(reader->context, SECTION_WINRT_CLASS, reader->assembly);
    struct xml_text text;

    if (!entity) return fail(reader, STATUS_NO_MEMORY);
    entity->file = *file;
    if (!text_attribute(reader, element, "name", &entity->key)) return wrong(reader);
    if (xml_attribute(element, "threadingModel", &text)) entity->winrt_model = word_value(&text, models);
    xml_skip(&reader->xml);
}

static void read_surrogate(struct reader *reader, const struct xml_element *element)
{
    struct entity *entity = section_add(reader->context, SECTION_SURROGATE, reader->assembly);

    if (!entity) return fail(reader, STATUS_NO_MEMORY);
    if (!guid_attribute(reader, element, "clsid", &entity->id)) return wrong(reader);
    text_attribute(reader, element, "name", &entity->surrogate.name);
    text_attribute(reader, element, "runtimeVersion", &entity->surrogate.version);
    xml_skip(&reader->xml);
}

static void read_file(struct reader *reader, const struct xml_element *element)
{
    static const char winrt[] = "urn:schemas-microsoft-com:winrt.v1";
    struct assembly_file *file = context_alloc(reader->context, sizeof(*file)),
                         **end = &reader->assembly->files;
    struct entity *entity = section_add(reader->context, SECTION_DLL, reader->assembly);
    struct xml_element child;

    if (!file || !entity) return fail(reader, STATUS_NO_MEMORY);
    if (!text_attribute(reader, element, "name", &file->name)) return wrong(reader);
    while (*end) end = &(*end)->next;
    *end = file;
    reader->assembly->files_n++;
    entity->key = entity->file = file->name;
    while (xml_child(&reader->xml, &child)) {
        if (is_assembly_element(&child, "windowClass"))
            read_window_class(reader, &child, &file->name);
        else if (is_assembly_element(&child, "comClass"))
            read_com_class(reader, &child, &file->name, false);
        else if (is_assembly_element(&child, "comInterfaceProxyStub"))
            read_interface(reader, &child, false);
        else if (is_assembly_element(&child, "typelib"))
            read_type_library(reader, &child, &file->name);
        else if (is_element(&child, winrt, "activatableClass"))
            read_winrt_class(reader, &child, &file->name);
        else if (is_assembly_element(&child, "activatableClass"))
            wrong(reader); // of the wrong namespace
        else
            xml_skip(&reader->xml);
    }
}

// ---- identities and dependencies ----

static void read_identity(struct reader *reader, const struct xml_element *element, struct identity *identity)
{
    struct xml_text version;

    if (!text_attribute(reader, element, "name", &identity->name)) return wrong(reader);
    text_attribute(reader, element, "type", &identity->type);
    text_attribute(reader, element, "processorArchitecture", &identity->architecture);
    text_attribute(reader, element, "publicKeyToken", &identity->public_key);
    text_attribute(reader, element, "language", &identity->language);
    if (xml_attribute(element, "version", &version)) {
        copy(reader, &identity->version_text, &version);
        if (!parse_version(&version, &identity->version)) wrong(reader);
    }
    xml_skip(&reader->xml);
}

static void read_dependent(struct reader *reader, const struct xml_element *element)
{
    struct identity wanted = {0};
    struct xml_element child;
    struct xml_text text;
    bool optional =
        xml_attribute(element, "allowDelayedBinding", &text) && xml_is_ignoring_case(&text, "true");
    NTSTATUS status;

    while (xml_child(&reader->xml, &child)) {
        if (is_assembly_element(&child, "assemblyIdentity"))
            read_identity(reader, &child, &wanted);
        else
            xml_skip(&reader->xml);
    }
    if (reader->xml.failed || !wanted.name.Length) return;
    status = assembly_add_dependency(reader->context, &wanted, optional);
    if (!NT_SUCCESS(status)) fail(reader, status);
}

static void read_dependency(struct reader *reader)
{
    struct xml_element child;

    while (xml_child(&reader->xml, &child)) {
        if (is_assembly_element(&child, "dependentAssembly"))
            read_dependent(reader, &child);
        else
            xml_skip(&reader->xml);
    }
}

// ---- the root's own affairs ----

static void read_run_level(struct reader *reader, const struct xml_element *element)
{
    static const struct word levels[] = {{"asInvoker", ACTCTX_RUN_LEVEL_AS_INVOKER},
                                         {"highestAvailable", ACTCTX_RUN_LEVEL_HIGHEST_AVAILABLE},
                                         {"requireAdministrator", ACTCTX_RUN_LEVEL_REQUIRE_ADMIN},
                                         {NULL, 0}};
    struct activation_context *context = reader->context;
    struct xml_text text;

    if (context->run_level_given || !xml_attribute(element, "level", &text)) return wrong(reader);
    context->run_level_given = true;
    context->run_level = word_value(&text, levels);
    if (!context->run_level) return wrong(reader);
    context->ui_access = xml_attribute(element, "uiAccess", &text) && xml_is_ignoring_case(&text, "true");
    xml_skip(&reader->xml);
}

static void read_trust(struct reader *reader)
{
    struct xml_element child;

    while (xml_child(&reader->xml, &child)) {
        if (is_assembly_element(&child, "security") || is_assembly_element(&child, "requestedPrivileges"))
            read_trust(reader);
        else if (is_assembly_element(&child, "requestedExecutionLevel"))
            read_run_level(reader, &child);
        else
            xml_skip(&reader->xml);
    }
}

static const char compatibility_space[] = "urn:schemas-microsoft-com:compatibility.v1";

static struct compatibility *add_compatibility(struct reader *reader, ULONG type)
{
    struct activation_context *context = reader->context;
    struct compatibility *entry = context_alloc(context, sizeof(*entry));

    if (!entry) {
        fail(reader, STATUS_NO_MEMORY);
        return NULL;
    }
    entry->type = type;
    *context->compatibility_end = entry;
    context->compatibility_end = &entry->next;
    context->compatibility_n++;
    return entry;
}

static void read_compatibility(struct reader *reader)
{
    enum { OS = 1, MAX_VERSION_TESTED = 3 }; // ACTCTX_COMPATIBILITY_ELEMENT_TYPE
    struct compatibility *entry;
    struct xml_element child;
    struct xml_text text;
    struct version version;

    while (xml_child(&reader->xml, &child)) {
        if (is_element(&child, compatibility_space, "application")) {
            read_compatibility(reader);
            continue;
        }
        if (is_element(&child, compatibility_space, "supportedOS")) {
            if ((entry = add_compatibility(reader, OS))) guid_attribute(reader, &child, "Id", &entry->id);
        } else if (is_element(&child, compatibility_space, "maxversiontested") &&
                   xml_attribute(&child, "Id", &text) && parse_version(&text, &version)) {
            if ((entry = add_compatibility(reader, MAX_VERSION_TESTED)))
                for (unsigned i = 0; i < 4; i++) entry->version = entry->version << 16 | version.parts[i];
        }
        xml_skip(&reader->xml);
    }
}

static void read_settings(struct reader *reader)
{
    struct activation_context *context = reader->context;
    struct xml_element child;

    while (xml_child(&reader->xml, &child)) {
        struct setting *setting = context_alloc(context, sizeof(*setting));
        struct xml_text value = xml_content(&reader->xml);
        if (!setting) return fail(reader, STATUS_NO_MEMORY);
        copy(reader, &setting->space, &child.space);
        copy(reader, &setting->name, &child.name);
        copy(reader, &setting->value, &value);
        *context->settings_end = setting;
        context->settings_end = &setting->next;
    }
}

// Only the first element that has settings counts.
static void read_application(struct reader *reader)
{
    struct xml_element child;

    while (xml_child(&reader->xml, &child)) {
        if (is_assembly_element(&child, "windowsSettings") && !reader->context->settings_closed)
            read_settings(reader);
        else
            xml_skip(&reader->xml);
    }
    if (reader->context->settings) reader->context->settings_closed = true;
}

// ---- the whole ----

static bool same_assembly(const struct identity *found, const struct identity *wanted)
{
    return RtlEqualUnicodeString(&found->name, &wanted->name, TRUE) &&
           (!wanted->version_text.Length ||
            !memcmp(&found->version, &wanted->version, sizeof(found->version)));
}

static void read_assembly_child(struct reader *reader, const struct xml_element *child)
{
    bool root = !reader->place->wanted;

    if (is_assembly_element(child, "assemblyIdentity")) {
        read_identity(reader, child, &reader->assembly->identity);
        if (!root && !same_assembly(&reader->assembly->identity, reader->place->wanted)) wrong(reader);
    } else if (is_assembly_element(child, "dependency"))
        read_dependency(reader);
    else if (is_assembly_element(child, "file"))
        read_file(reader, child);
    else if (is_assembly_element(child, "comInterfaceExternalProxyStub"))
        read_interface(reader, child, true);
    else if (is_assembly_element(child, "clrClass"))
        read_com_class(reader, child, NULL, true);
    else if (is_assembly_element(child, "clrSurrogate"))
        read_surrogate(reader, child);
    else if (is_assembly_element(child, "trustInfo") && root)
        read_trust(reader);
    else if (is_element(child, compatibility_space, "compatibility") && root)
        read_compatibility(reader);
    else if (is_assembly_element(child, "application") && root)
        read_application(reader);
    else
        xml_skip(&reader->xml);
}

static void read_document(struct reader *reader)
{
    struct xml_element element;
    struct xml_text version;

    if (!xml_child(&reader->xml, &element) || !is_assembly_element(&element, "assembly") ||
        !xml_attribute(&element, "manifestVersion", &version) || !xml_is(&version, "1.0"))
        return wrong(reader);
    reader->assembly = assembly_add(reader->context, reader->place);
    if (!reader->assembly) return fail(reader, STATUS_NO_MEMORY);
    while (xml_child(&reader->xml, &element)) read_assembly_child(reader, &element);
    if (!xml_at_end(&reader->xml)) wrong(reader);
}

// The text of a manifest: UTF-8, or UTF-16 in either byte order if a mark says so.
static WCHAR *decode(const void *bytes, SIZE_T size, ULONG *length)
{
    const BYTE *at = bytes;
    WCHAR *text = RtlAllocateHeap(process_heap(), 0, size * sizeof(WCHAR) + sizeof(WCHAR));
    ULONG written = 0;

    if (!text) return NULL;
    if (size >= 2 && ((at[0] == 0xFF && at[1] == 0xFE) || (at[0] == 0xFE && at[1] == 0xFF))) {
        bool swapped = at[0] == 0xFE;
        *length = (size - 2) / sizeof(WCHAR);
        for (ULONG i = 0; i < *length; i++)
            text[i] = (WCHAR)(at[2 + 2 * i + swapped] | at[2 + 2 * i + !swapped] << 8);
        return text;
    }
    if (size >= 3 && at[0] == 0xEF && at[1] == 0xBB && at[2] == 0xBF) at += 3, size -= 3;
    RtlUTF8ToUnicodeN(text, size * sizeof(WCHAR), &written, (const char *)at, size);
    *length = written / sizeof(WCHAR);
    return text;
}

NTSTATUS manifest_parse(struct activation_context *context, const void *bytes, SIZE_T size,
                        const struct manifest_place *place)
{
    struct reader *reader = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof(*reader));
    ULONG length;
    WCHAR *text = reader && size <= 0x1000000 ? decode(bytes, size, &length) : NULL;
    NTSTATUS status = STATUS_NO_MEMORY;

    if (text) {
        reader->context = context;
        reader->place = place;
        xml_init(&reader->xml, text, length);
        read_document(reader);
        status = reader->status;
        if (NT_SUCCESS(status) && reader->xml.failed) status = STATUS_SXS_CANT_GEN_ACTCTX;
        RtlFreeHeap(process_heap(), 0, text);
    }
    RtlFreeHeap(process_heap(), 0, reader);
    return status;
}

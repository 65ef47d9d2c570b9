// See actctx_xml.h.
#include "actctx_xml.h"
#include "rtl.h"

static bool is_space(WCHAR c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_name(WCHAR c)
{
    return c && !is_space(c) && c != '=' && c != '>' && c != '/' && c != '<' && c != '"' && c != '\'';
}

static void skip_space(struct xml *xml)
{
    while (xml->at < xml->end && is_space(*xml->at)) xml->at++;
}

static bool looking_at(const struct xml *xml, const char *ascii)
{
    const WCHAR *at = xml->at;

    for (; *ascii; ascii++, at++)
        if (at == xml->end || *at != (WCHAR)*ascii) return false;
    return true;
}

static bool skip_past(struct xml *xml, const char *ascii)
{
    while (xml->at < xml->end && !looking_at(xml, ascii)) xml->at++;
    if (xml->at == xml->end) return false;
    xml->at += strlen(ascii);
    return true;
}

static bool equal(const struct xml_text *a, const struct xml_text *b)
{
    return a->length == b->length && !memcmp(a->at, b->at, a->length * sizeof(WCHAR));
}

bool xml_is(const struct xml_text *text, const char *ascii)
{
    ULONG i = 0;

    while (i < text->length && ascii[i] && text->at[i] == (WCHAR)ascii[i]) i++;
    return i == text->length && !ascii[i];
}

bool xml_is_ignoring_case(const struct xml_text *text, const char *ascii)
{
    ULONG i = 0;

    while (i < text->length && ascii[i] && (text->at[i] | 0x20) == (WCHAR)(ascii[i] | 0x20)) i++;
    return i == text->length && !ascii[i];
}

void xml_init(struct xml *xml, const WCHAR *text, ULONG length)
{
    memset(xml, 0, sizeof(*xml));
    xml->at = text;
    xml->end = text + length;
}

// ---- attributes ----

// Takes the next attribute off *rest: its name as written and its value. False at the end.
static bool next_attribute(struct xml_text *rest, struct xml_text *name, struct xml_text *value)
{
    const WCHAR *at = rest->at, *end = at + rest->length;

    while (at < end && is_space(*at)) at++;
    name->at = at;
    while (at < end && is_name(*at)) at++;
    name->length = at - name->at;
    while (at < end && is_space(*at)) at++;
    if (!name->length || at == end || *at++ != '=') return false;
    while (at < end && is_space(*at)) at++;
    if (at == end || (*at != '"' && *at != '\'')) return false;
    WCHAR quote = *at++;
    value->at = at;
    while (at < end && *at != quote) at++;
    if (at == end) return false;
    value->length = at - value->at;
    *rest = (struct xml_text){at + 1, end - at - 1};
    return true;
}

bool xml_attribute(const struct xml_element *element, const char *name, struct xml_text *value)
{
    struct xml_text rest = element->attributes, found;

    while (next_attribute(&rest, &found, value))
        if (xml_is(&found, name)) return true;
    return false;
}

// ---- namespaces ----

static struct xml_text split_prefix(struct xml_text *name)
{
    for (ULONG i = 0; i < name->length; i++) {
        if (name->at[i] != ':') continue;
        struct xml_text prefix = {name->at, i};
        *name = (struct xml_text){name->at + i + 1, name->length - i - 1};
        return prefix;
    }
    return (struct xml_text){name->at, 0};
}

static bool declare_names(struct xml *xml, struct xml_text attributes)
{
    struct xml_text name, value;

    while (next_attribute(&attributes, &name, &value)) {
        struct xml_text prefix = split_prefix(&name);
        if (xml_is(&prefix, "xmlns"))
            prefix = name;
        else if (!prefix.length && xml_is(&name, "xmlns"))
            prefix = (struct xml_text){name.at, 0};
        else
            continue;
        if (xml->names_n == XML_NAMES_MAX) return false;
        xml->names[xml->names_n].prefix = prefix;
        xml->names[xml->names_n].space = value;
        xml->names[xml->names_n++].depth = xml->depth;
    }
    while (attributes.length && is_space(*attributes.at)) attributes.at++, attributes.length--;
    return !attributes.length;
}

// A prefix that nobody declared is a namespace of its own, as far as anybody asks.
static struct xml_text find_space(const struct xml *xml, const struct xml_text *prefix)
{
    for (ULONG i = xml->names_n; i-- > 0;)
        if (equal(&xml->names[i].prefix, prefix)) return xml->names[i].space;
    return *prefix;
}

// ---- elements ----

static bool fail(struct xml *xml)
{
    xml->failed = true;
    return false;
}

static void close(struct xml *xml)
{
    while (xml->names_n && xml->names[xml->names_n - 1].depth == xml->depth) xml->names_n--;
    xml->depth--;
}

static bool open(struct xml *xml, struct xml_element *element)
{
    struct xml_text name = {xml->at, 0}, prefix;
    WCHAR quote = 0;

    while (xml->at < xml->end && is_name(*xml->at)) xml->at++;
    name.length = xml->at - name.at;
    element->attributes.at = xml->at;
    for (; xml->at < xml->end && (quote || *xml->at != '>'); xml->at++) {
        if (quote ? *xml->at == quote : *xml->at == '"' || *xml->at == '\'') quote = quote ? 0 : *xml->at;
    }
    if (!name.length || xml->at == xml->end || xml->depth == XML_DEPTH_MAX) return fail(xml);
    element->attributes.length = xml->at++ - element->attributes.at;
    xml->empty = element->attributes.length && element->attributes.at[element->attributes.length - 1] == '/';
    if (xml->empty) element->attributes.length--;
    xml->open[xml->depth++] = name;
    if (!declare_names(xml, element->attributes)) return fail(xml);
    prefix = split_prefix(&name);
    element->name = name;
    element->space = find_space(xml, &prefix);
    return true;
}

static bool close_tag(struct xml *xml)
{
    struct xml_text name = {xml->at, 0};

    while (xml->at < xml->end && is_name(*xml->at)) xml->at++;
    name.length = xml->at - name.at;
    skip_space(xml);
    if (!xml->depth || xml->at == xml->end || *xml->at != '>' || !equal(&name, &xml->open[xml->depth - 1]))
        return fail(xml);
    xml->at++;
    close(xml);
    return false;
}

// Skips a comment, instruction or document type at the reader's place. False: there is none.
static bool skip_markup(struct xml *xml)
{
    bool ended;

    if (looking_at(xml, "<!--"))
        ended = skip_past(xml, "-->");
    else if (looking_at(xml, "<?"))
        ended = skip_past(xml, "?>");
    else if (looking_at(xml, "<!"))
        ended = skip_past(xml, ">");
    else
        return false;
    if (!ended) fail(xml);
    return true;
}

bool xml_child(struct xml *xml, struct xml_element *element)
{
    if (xml->failed) return false;
    if (xml->empty) {
        xml->empty = false;
        close(xml);
        return false;
    }
    for (;;) {
        while (xml->at < xml->end && *xml->at != '<') {
            if (!xml->depth && !is_space(*xml->at)) return fail(xml); // text outside of the root
            xml->at++;
        }
        if (xml->at == xml->end) return xml->depth ? fail(xml) : false;
        if (skip_markup(xml)) {
            if (xml->failed) return false;
            continue;
        }
        xml->at++;
        if (xml->at < xml->end && *xml->at == '/') {
            xml->at++;
            return close_tag(xml);
        }
        return open(xml, element);
    }
}

void xml_skip(struct xml *xml)
{
    ULONG depth = xml->depth;
    struct xml_element child;

    while (!xml->failed && xml->depth >= depth) xml_child(xml, &child);
}

struct xml_text xml_content(struct xml *xml)
{
    struct xml_text text = {xml->at, 0};

    if (!xml->empty && !xml->failed) {
        skip_space(xml);
        text.at = xml->at;
        while (xml->at < xml->end && *xml->at != '<') xml->at++;
        text.length = xml->at - text.at;
        while (text.length && is_space(text.at[text.length - 1])) text.length--;
    }
    xml_skip(xml);
    return text;
}

bool xml_at_end(struct xml *xml)
{
    struct xml_element more;

    return !xml->depth && !xml_child(xml, &more) && !xml->failed;
}

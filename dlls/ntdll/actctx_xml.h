// A pull reader for the XML of manifests: elements with their namespaces, attributes and text. It checks that
// tags nest and are closed; document types are skipped, entities other than the five of XML left as they are.
#ifndef LOWLAND_NTDLL_ACTCTX_XML_H
#define LOWLAND_NTDLL_ACTCTX_XML_H

#include "ntdll.h"
#include <stdbool.h>
#include <stddef.h>

// Characters of the document.
struct xml_text {
    const WCHAR *at;
    ULONG length;
};

struct xml_element {
    struct xml_text name, space; // without prefix; the namespace, empty when it has none
    struct xml_text attributes;  // as written
};

#define XML_DEPTH_MAX 32
#define XML_NAMES_MAX 64

struct xml {
    const WCHAR *at, *end;
    bool failed;                         // not well-formed: stays so
    bool empty;                          // the element that was read last has no content
    ULONG depth;                         // of open elements
    ULONG names_n;                       // declared namespaces in scope
    struct xml_text open[XML_DEPTH_MAX]; // their names as written
    struct {
        struct xml_text prefix, space;
        ULONG depth;
    } names[XML_NAMES_MAX];
};

void xml_init(struct xml *xml, const WCHAR *text, ULONG length);
// Goes on to the next child of the innermost open element, which then is the innermost one. False: there is
// none, and the element is closed (or the document has ended, or it is malformed).
bool xml_child(struct xml *xml, struct xml_element *element);
// Closes the innermost element without looking at what it has.
void xml_skip(struct xml *xml);
// The text that the innermost element begins with, without white space around it; closes the element.
struct xml_text xml_content(struct xml *xml);
// Whether nothing but white space and comments is left.
bool xml_at_end(struct xml *xml);
// An attribute without prefix. False: the element doesn't have it.
bool xml_attribute(const struct xml_element *element, const char *name, struct xml_text *value);
// Compares with ASCII text; the second one ignores case.
bool xml_is(const struct xml_text *text, const char *ascii);
bool xml_is_ignoring_case(const struct xml_text *text, const char *ascii);

#endif

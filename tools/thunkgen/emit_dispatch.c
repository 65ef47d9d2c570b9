// NAME_dispatch.c: an unpacker per call, from the guest's stack to the implementation and back, and the calls
// back into the guest.
#include "thunkgen.h"
#include "loader/thunk_table.h"
#include <ctype.h>
#include <string.h>

// Faults, as calls that return NTSTATUS report them: STATUS_ACCESS_VIOLATION, STATUS_INVALID_PARAMETER.
#define ACCESS_VIOLATION  "0xC0000005u"
#define INVALID_PARAMETER "0xC000000Du"

static const char preamble[] =
    "\n"
    "// The stack page that the guest has just pushed its return address to needs no probe.\n"
    "static inline bool can_write(gptr args, gptr address, uint32_t n)\n"
    "{\n"
    "    gptr pushed = args - 4;\n"
    "    if (((address ^ pushed) | ((address + n - 1) ^ pushed)) < 4096) return true;\n"
    "    return guest_probe_write(address, n);\n"
    "}\n";

static bool is_copied(const struct param *param)
{
    return param->passing >= PASS_IN && param->passing <= PASS_IN_ARRAY;
}

static bool is_written_back(const struct param *param)
{
    return param->passing == PASS_OUT || param->passing == PASS_OUT_ALWAYS || param->passing == PASS_INOUT;
}

// The stacked arguments as a structure: each starts in a slot of its own.
static void emit_arguments(FILE *out, const struct call *call)
{
    fputs("    struct __attribute__((packed, aligned(4))) {\n", out);
    for (unsigned i = 0; i < call->params_n; i++) {
        const struct param *param = &call->params[i];
        const char *type = param->passing == BY_VALUE ? host_type(param->type) : "gptr";
        long long size = param->passing == BY_VALUE ? clang_Type_getSizeOf(param->type) : 4;
        fprintf(out, "        %s %s;\n", type, param->name);
        if (size % 4) fprintf(out, "        uint8_t pad_%u[%lld];\n", i, 4 - size % 4);
    }
    fputs("    } a;\n", out);
}

// An extent with each parameter as the unpacker has it, in 64 bits: what overflows or is negative exceeds
// every limit.
static const char *extent_expression(const char *extent)
{
    const char *result = "";
    while (*extent) {
        const char *end = extent;
        if (isdigit((unsigned char)*extent)) {
            while (isalnum((unsigned char)*end)) end++;
            result = format("%s%.*s", result, (int)(end - extent), extent);
        } else if (isalpha((unsigned char)*extent) || *extent == '_') {
            while (isalnum((unsigned char)*end) || *end == '_') end++;
            result = format("%s(uint64_t)a.%.*s", result, (int)(end - extent), extent);
        } else {
            result = format("%s%c", result, *extent);
            end++;
        }
        extent = end;
    }
    return result;
}

static void emit_capture(FILE *out, const struct param *param, const char *fault, const char *invalid)
{
    const char *name = param->name, *type = host_type(pointee_type(param->type));
    const char *when = param->optional ? format("a.%s && ", name) : "";
    switch (param->passing) {
    case PASS_IN:
    case PASS_INOUT:
        fprintf(out, "    %s v_%s;\n", type, name);
        fprintf(out, "    if (%s!guest_read(&v_%s, a.%s, sizeof v_%s)) return %s;\n", when, name, name, name,
                fault);
        if (param->passing == PASS_INOUT) {
            fprintf(out, "    if (%s!can_write(args, a.%s, sizeof v_%s)) return %s;\n", when, name, name,
                    fault);
        }
        break;
    case PASS_OUT:
    case PASS_OUT_ALWAYS:
        fprintf(out, "    %s v_%s = {0};\n", type, name);
        fprintf(out, "    if (%s!can_write(args, a.%s, sizeof v_%s)) return %s;\n", when, name, name, fault);
        break;
    case PASS_IN_ARRAY:
        fprintf(out, "    %s v_%s[%lld];\n    uint64_t n_%s = %s;\n", type, name, param->limit_value, name,
                extent_expression(param->extent));
        fprintf(out, "    if (n_%s > %lld) return %s;\n", name, param->limit_value, invalid);
        fprintf(out, "    if (%s!guest_read(v_%s, a.%s, n_%s * sizeof *v_%s)) return %s;\n", when, name, name,
                name, name, fault);
        break;
    default: break;
    }
}

// What the implementation gets.
static const char *argument(const struct param *param)
{
    if (!is_copied(param)) return format("a.%s", param->name);
    const char *address = param->passing == PASS_IN_ARRAY ? "" : "&";
    if (param->optional) return format("a.%s ? %sv_%s : NULL", param->name, address, param->name);
    return format("%sv_%s", address, param->name);
}

static const char *invocation(const struct call *call)
{
    const char *list = "";
    for (unsigned i = 0; i < call->params_n; i++)
        list = format("%s%s%s", list, i ? ", " : "", argument(&call->params[i]));
    if (call->varargs) list = format("%s%sargs + %u", list, *list ? ", " : "", call->slots * 4);
    return format("%s(%s)", call->name, list);
}

// How a value of the result's type becomes EDX:EAX: with text before and after it, or by its bits.
static bool travels_as_bits(CXType result)
{
    enum CXTypeKind kind = clang_getCanonicalType(result).kind;
    return kind == CXType_Record || kind == CXType_Float || kind == CXType_Double;
}

static const char *result_cast(CXType result)
{
    return clang_Type_getSizeOf(result) == 8 ? "(uint64_t)" : "(uint32_t)";
}

static void emit_write_back(FILE *out, const struct call *call, bool status)
{
    for (unsigned i = 0; i < call->params_n; i++) {
        const struct param *param = &call->params[i];
        if (!is_written_back(param)) continue;
        const char *condition = "";
        // Errors of NTSTATUS are those with both top bits set; warnings bring results.
        if (status && param->passing != PASS_OUT_ALWAYS) condition = "(uint32_t)result < 0xC0000000u && ";
        if (param->optional) condition = format("%sa.%s && ", condition, param->name);
        const char *effect = status ? "result = (NTSTATUS)" ACCESS_VIOLATION : "return 0";
        fprintf(out, "    if (%s!guest_write(a.%s, &v_%s, sizeof v_%s)) %s;\n", condition, param->name,
                param->name, param->name, effect);
    }
}

static void emit_unpacker(FILE *out, const struct call *call)
{
    bool status = is_status(call->result);
    bool is_void = clang_getCanonicalType(call->result).kind == CXType_Void;
    const char *fault = status ? ACCESS_VIOLATION : "0", *invalid = status ? INVALID_PARAMETER : "0";
    bool writes = false;
    for (unsigned i = 0; i < call->params_n; i++) writes |= is_written_back(&call->params[i]);

    bool uses_args = call->slots || call->varargs;
    fprintf(out, "\nstatic uint64_t unpack_%s(gptr args)\n{\n", call->name);
    if (!uses_args) fputs("    (void)args;\n", out);
    if (call->slots) {
        emit_arguments(out, call);
        fprintf(out, "    if (!guest_read(&a, args, sizeof a)) return %s;\n", fault);
    }
    for (unsigned i = 0; i < call->params_n; i++) emit_capture(out, &call->params[i], fault, invalid);
    if (is_void) {
        fprintf(out, "    %s;\n", invocation(call));
        emit_write_back(out, call, false);
        fputs("    return 0;\n}\n", out);
        return;
    }
    if (!writes && !travels_as_bits(call->result)) {
        fprintf(out, "    return %s%s;\n}\n", result_cast(call->result), invocation(call));
        return;
    }
    fprintf(out, "    %s result = %s;\n", host_type(call->result), invocation(call));
    emit_write_back(out, call, status);
    if (travels_as_bits(call->result)) {
        fputs("    uint64_t bits = 0;\n    memcpy(&bits, &result, sizeof result);\n    return bits;\n}\n",
              out);
    } else {
        fprintf(out, "    return %sresult;\n}\n", result_cast(call->result));
    }
}

void emit_callbacks(FILE *out, const struct interface *interface)
{
    for (unsigned i = 0; i < interface->callbacks_n; i++) {
        const struct call *callback = &interface->callbacks[i];
        bool is_void = clang_getCanonicalType(callback->result).kind == CXType_Void;
        fprintf(out, "\n%s\n{\n", callback_prototype(callback));
        if (callback->slots) fprintf(out, "    uint32_t slots[%u] = {0};\n", callback->slots);
        for (unsigned j = 0; j < callback->params_n; j++) {
            const struct param *param = &callback->params[j];
            long long size = clang_Type_getSizeOf(param->type);
            const char *host = param->passing == BY_VALUE ? host_type(param->type) : "gptr";
            // Short numbers fill their slot with their sign, as 32-bit compilers do.
            if (size < 4 && clang_getCanonicalType(param->type).kind != CXType_Record) {
                fprintf(out, "    slots[%u] = (uint32_t)%s;\n", param->slot, param->name);
            } else {
                fprintf(out, "    memcpy(&slots[%u], &%s, sizeof(%s));\n", param->slot, param->name, host);
            }
        }
        fprintf(out, "    uint64_t bits;\n    NTSTATUS status = guest_call(function, %s, %u, &bits);\n",
                callback->slots ? "slots" : "NULL", callback->slots);
        if (!is_void) fputs("    if (NT_SUCCESS(status)) memcpy(result, &bits, sizeof *result);\n", out);
        fputs("    return status;\n}\n", out);
    }
}

static void emit_class_sizes(FILE *out, const struct interface *interface)
{
    if (!interface->classes_n) return;
    fprintf(out, "\nuint32_t %s_class_size(uint32_t call, uint32_t class_)\n{\n    switch (call) {\n",
            interface->name);
    for (unsigned i = 0; i < interface->calls_n; i++) {
        bool any = false;
        for (unsigned j = 0; j < interface->classes_n; j++) {
            const struct class_type *class = &interface->classes[j];
            if (strcmp(class->call, interface->calls[i].name) != 0) continue;
            if (!any)
                fprintf(out, "    case %s_call_%s:\n        switch (class_) {\n", interface->name,
                        class->call);
            any = true;
            long long size = clang_Type_getSizeOf(class->type);
            fprintf(out, "        case %lld: return %lld; // %s\n", class->value, size > 0 ? size : 0,
                    class->class_name);
        }
        if (any) fputs("        default: return 0;\n        }\n", out);
    }
    fputs("    default: return 0;\n    }\n}\n", out);
}

void emit_dispatch(FILE *out, const struct interface *interface)
{
    fprintf(out,
            "// Generated by thunkgen: carries the calls of interface %s from the guest's stack to their\n"
            "// implementations and their results back.\n#include \"%s_host.h\"\n%s#include <string.h>\n%s",
            interface->name, interface->name, interface->callbacks_n ? "#include \"loader/gate.h\"\n" : "",
            preamble);
    for (unsigned i = 0; i < interface->calls_n; i++) emit_unpacker(out, &interface->calls[i]);
    emit_callbacks(out, interface);
    emit_class_sizes(out, interface);
    emit_metadata(out, interface);
}

// Commands as text.
#include "print_node.h"

struct printer {
    struct text *out;
    bool whole; // with what @ hides, on one line
    const struct node *top;
};

// True when @ hid the end of it, and so hides what the operators behind it begin.
static bool print_node(const struct printer *p, const struct node *node);

static void print_redirections(const struct printer *p, const struct redirection *r)
{
    for (; r; r = r->next) {
        text_add(p->out, ' ');
        text_add(p->out, '0' + r->handle);
        text_add_string(p->out, r->kind == REDIRECT_INPUT ? L"<" : r->kind == REDIRECT_APPEND ? L">>" : L">");
        if (r->kind == REDIRECT_DUPLICATE) text_add(p->out, '&');
        text_add_string(p->out, r->target);
    }
}

static void print_condition(const struct printer *p, const struct condition *c)
{
    text_add_string(p->out, L"if ");
    if (c->ignore_case) text_add_string(p->out, L"/I ");
    if (c->negated) text_add_string(p->out, L"not ");
    if (!c->second) {
        text_add_string(p->out, c->operation);
        text_add(p->out, ' ');
    }
    text_add_string(p->out, c->first);
    text_add(p->out, ' ');
    if (!c->second) return;
    text_add_string(p->out, c->operation);
    text_add(p->out, ' ');
    text_add_string(p->out, c->second);
    text_add(p->out, ' ');
}

static void print_loop(const struct printer *p, const struct for_clause *loop)
{
    static const WCHAR *const switches[] = {L"", L"/D ", L"/R ", L"/D /R ", L"/L ", L"/F "};
    text_add_string(p->out, L"for ");
    text_add_string(p->out, switches[loop->kind]);
    if (loop->option) {
        text_add_string(p->out, loop->option);
        text_add(p->out, ' ');
    }
    text_add(p->out, '%');
    text_add(p->out, loop->variable);
    text_add_string(p->out, L" in (");
    text_add_string(p->out, loop->set);
    text_add_string(p->out, L") do ");
}

static void print_block(const struct printer *p, const struct node *node)
{
    bool lines = node->multiline && !p->whole;
    text_add_string(p->out, lines ? L"(\r\n" : L"(");
    print_node(p, node->left);
    text_add_string(p->out, lines ? L"\r\n)" : L")");
}

static bool print_pair(const struct printer *p, const struct node *node)
{
    bool hidden = print_node(p, node->left);
    if (hidden && node->kind != NODE_LINES) return true;
    switch (node->kind) {
    case NODE_LINES: text_add_string(p->out, p->whole ? L" & " : L"\r\n "); break;
    case NODE_SEQUENCE: text_add_string(p->out, L" & "); break;
    case NODE_AND: text_add_string(p->out, L" && "); break;
    case NODE_OR: text_add_string(p->out, L" || "); break;
    default: text_add_string(p->out, L" | "); break;
    }
    return print_node(p, node->right);
}

static bool print_node(const struct printer *p, const struct node *node)
{
    if (node->quiet && !p->whole) return true;
    switch (node->kind) {
    case NODE_REMARK:
        // Inside a line nothing could follow its words.
        if (p->whole) {
            text_add_string(p->out, L"rem");
            return false;
        }
        // fall through
    case NODE_COMMAND:
        text_add_string(p->out, node->name);
        text_add_string(p->out, node->arguments);
        print_redirections(p, node->redirections);
        // The blank that ECHO ON shows is seen by a piped block's ECHO too, but not by a piped ECHO.
        if ((*node->arguments || node->redirections) && !(p->whole && node == p->top)) text_add(p->out, ' ');
        return false;
    case NODE_BLOCK:
        print_block(p, node);
        print_redirections(p, node->redirections);
        text_add(p->out, ' ');
        return false;
    case NODE_IF:
        print_condition(p, &node->condition);
        if (print_node(p, node->left)) return true;
        if (!node->right) return false;
        text_add_string(p->out, L" else ");
        return print_node(p, node->right);
    case NODE_FOR: print_loop(p, &node->loop); return print_node(p, node->left);
    default: return print_pair(p, node);
    }
}

void show_node(struct text *out, const struct node *node)
{
    print_node(&(struct printer){out, false, node}, node);
}

void write_node(struct text *out, const struct node *node)
{
    print_node(&(struct printer){out, true, node}, node);
}

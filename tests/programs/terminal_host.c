// A terminal for tests: runs a command on a pseudo-terminal, shows its output on a small screen of its own,
// types and looks at the screen as a script on standard input says.
//   terminal_host COLUMNS ROWS COMMAND...
// Lines of the script, with C's escapes \e \r \n \t \\ \xHH in texts:
//   type TEXT          sends the text
//   wait TEXT          until the screen shows it
//   row N TEXT         until row N (from 1) is TEXT and then blank
//   cursor X Y         until the cursor is there (from 1)
//   colour X Y SGR     until that cell was written with these attributes ("1;31"; "0": none)
//   sent TEXT          until the program has sent these bytes since the last such line
//   raw                until the terminal edits no lines of its own, so that a program reads each key
//   size COLUMNS ROWS  resizes the terminal
//   signal NUMBER      sends a signal to the command
//   end STATUS         until the command ends with that status
//   sane               whether the terminal's modes are those from the start
// Nothing is measured: a line that is not fulfilled within a minute of silence is a failure.
#define _GNU_SOURCE
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

enum { WIDE = 256, HIGH = 100, SENT_MAX = 1 << 20, PATIENCE_MS = 60000, LOOK_MS = 20 };

static struct {
    char text[5]; // UTF-8
    char colour[64];
} cells[HIGH][WIDE], other[HIGH][WIDE];
static int columns, rows, x, y, saved_x, saved_y, top, bottom;
static bool wrap, alternate;
static char colour[64] = "0", sent[SENT_MAX];
static size_t sent_n, looked;
static int master = -1, slave = -1, passed, failed;
static pid_t child;

// ---- the screen ----

static void blank(int row, int from, int to)
{
    for (int i = from; i < to && i < WIDE; i++)
        strcpy(cells[row][i].text, " "), strcpy(cells[row][i].colour, colour);
}

static void scroll(int lines)
{
    for (; lines > 0; lines--) {
        memmove(cells[top], cells[top + 1], (bottom - top) * sizeof *cells);
        blank(bottom, 0, WIDE);
    }
    for (; lines < 0; lines++) {
        memmove(cells[top + 1], cells[top], (bottom - top) * sizeof *cells);
        blank(top, 0, WIDE);
    }
}

static void line_feed(void)
{
    if (y == bottom)
        scroll(1);
    else if (y < rows - 1)
        y++;
}

// A wide character (U+3000 to U+DFFF: enough for tests) has nothing in its second cell.
static void show(const char *text)
{
    bool wide = (unsigned char)text[0] >= 0xE3 && (unsigned char)text[0] <= 0xED;
    if (wrap || (wide && x == columns - 1)) x = 0, line_feed(), wrap = false;
    strcpy(cells[y][x].text, text);
    strcpy(cells[y][x].colour, colour);
    if (wide) strcpy(cells[y][++x].text, "");
    if (x == columns - 1)
        wrap = true;
    else
        x++;
}

static int within(int value, int limit)
{
    return value < 0 ? 0 : value >= limit ? limit - 1 : value;
}

static void erase(int how)
{
    for (int row = 0; row < rows; row++)
        if (how == 2 || (how == 0 && row > y) || (how == 1 && row < y)) blank(row, 0, columns);
    if (how == 0) blank(y, x, columns);
    if (how == 1) blank(y, 0, x + 1);
}

static void switch_screen(bool on)
{
    if (on == alternate) return;
    for (int row = 0; row < HIGH; row++)
        for (int i = 0; i < WIDE; i++) {
            char cell[sizeof cells[0][0]];
            memcpy(cell, &cells[row][i], sizeof cell);
            memcpy(&cells[row][i], &other[row][i], sizeof cell);
            memcpy(&other[row][i], cell, sizeof cell);
        }
    alternate = on;
}

// A control sequence: its parameters' text and its final byte.
static void control(const char *parameters, char final)
{
    int a = 0, b = 0;
    bool private = *parameters == '?';
    sscanf(parameters + private, "%d;%d", &a, &b);
    int n = a > 0 ? a : 1;
    if (final != 'm') wrap = false;
    switch (final) {
    case 'm': snprintf(colour, sizeof colour, "%s", *parameters ? parameters : "0"); break;
    case 'H': y = within(n - 1, rows), x = within((b > 0 ? b : 1) - 1, columns); break;
    case 'A': y = within(y - n, rows); break;
    case 'B': y = within(y + n, rows); break;
    case 'C': x = within(x + n, columns); break;
    case 'D': x = within(x - n, columns); break;
    case 'G': x = within(n - 1, columns); break;
    case 'J': erase(a); break;
    case 'K': blank(y, a == 0 ? x : 0, a == 1 ? x + 1 : columns); break;
    case 'X': blank(y, x, x + n < columns ? x + n : columns); break;
    case 'S': scroll(n); break;
    case 'T': scroll(-n); break;
    case 'r': top = n - 1, bottom = b > 0 && b <= rows ? b - 1 : rows - 1, x = y = 0; break;
    case 'h':
    case 'l':
        if (private && a == 1049) switch_screen(final == 'h');
        break;
    case 'n':
        if (a == 6) dprintf(master, "\033[%d;%dR", y + 1, x + 1);
        break;
    }
}

// One byte of what the program sends.
static void take(char c)
{
    static char held[64];
    static size_t held_n;
    static enum { TEXT, ESCAPE, CONTROL, STRING } state;
    if (sent_n < SENT_MAX - 1) sent[sent_n++] = c;
    if (state == ESCAPE) {
        state = c == '[' ? CONTROL : c == ']' ? STRING : TEXT;
        held_n = 0;
        if (c == '7') saved_x = x, saved_y = y;
        if (c == '8') x = saved_x, y = saved_y, wrap = false;
    } else if (state == CONTROL) {
        held[held_n] = '\0';
        if (c >= 0x40 && c <= 0x7E)
            control(held, c), state = TEXT, held_n = 0;
        else if (held_n < sizeof held - 1)
            held[held_n++] = c;
    } else if (state == STRING) {
        if (c == '\a') state = TEXT;
    } else if (c == 0x1B) {
        state = ESCAPE;
    } else if (c == '\r') {
        x = 0, wrap = false;
    } else if (c == '\n') {
        line_feed(), wrap = false;
    } else if (c == '\b') {
        x -= x > 0, wrap = false;
    } else if (c == '\t') {
        x = within((x | 7) + 1, columns);
    } else if ((unsigned char)c >= 0x20) {
        if (((unsigned char)c & 0xC0) != 0x80) held_n = 0;
        if (held_n < 4) held[held_n++] = c;
        held[held_n] = '\0';
        unsigned char lead = held[0];
        if (held_n == (lead < 0x80 ? 1u : lead < 0xE0 ? 2u : lead < 0xF0 ? 3u : 4u)) show(held), held_n = 0;
    }
}

static void row_text(int row, char *text)
{
    *text = '\0';
    for (int i = 0; i < columns; i++) strcat(text, cells[row][i].text);
    for (size_t n = strlen(text); n > 0 && text[n - 1] == ' '; n--) text[n - 1] = '\0';
}

// ---- the script ----

static bool shows(const char *text)
{
    char line[WIDE * 4 + 1];
    for (int row = 0; row < rows; row++) {
        row_text(row, line);
        if (strstr(line, text)) return true;
    }
    return false;
}

static bool fulfilled(const char *verb, const char *text)
{
    char line[WIDE * 4 + 1], wanted[32];
    int a = 0, b = 0, n = 0;
    struct termios now;
    if (!strcmp(verb, "wait")) return shows(text);
    if (!strcmp(verb, "raw")) return tcgetattr(slave, &now) == 0 && !(now.c_lflag & ICANON);
    if (!strcmp(verb, "row")) {
        sscanf(text, "%d%n", &a, &n);
        row_text(within(a - 1, rows), line);
        return !strcmp(line, text[n] ? text + n + 1 : text + n);
    }
    if (!strcmp(verb, "cursor")) return sscanf(text, "%d %d", &a, &b) == 2 && x == a - 1 && y == b - 1;
    if (!strcmp(verb, "colour"))
        return sscanf(text, "%d %d %31s", &a, &b, wanted) == 3 &&
               !strcmp(cells[within(b - 1, rows)][within(a - 1, columns)].colour, wanted);
    const char *found = memmem(sent + looked, sent_n - looked, text, strlen(text));
    if (found) looked = found - sent + strlen(text);
    return found != NULL;
}

// Takes output until the line is fulfilled. False: the program fell silent, or ended, before.
static bool wait_for(const char *verb, const char *text)
{
    char bytes[4096];
    struct pollfd ready = {.fd = master, .events = POLLIN};
    for (int silent = 0; !fulfilled(verb, text); silent += LOOK_MS) {
        if (silent > PATIENCE_MS) return false;
        if (poll(&ready, 1, LOOK_MS) == 0) continue;
        silent = 0;
        ssize_t n = read(master, bytes, sizeof bytes);
        if (n <= 0) return false;
        for (ssize_t i = 0; i < n; i++) take(bytes[i]);
    }
    return true;
}

static bool ended(int status)
{
    char bytes[4096];
    int told = 0;
    struct pollfd ready = {.fd = master, .events = POLLIN};
    while (waitpid(child, &told, WNOHANG) == 0) {
        if (poll(&ready, 1, 100) <= 0) continue;
        ssize_t n = read(master, bytes, sizeof bytes);
        for (ssize_t i = 0; i < n; i++) take(bytes[i]);
    }
    child = 0;
    int got = WIFEXITED(told) ? WEXITSTATUS(told) : 128 + WTERMSIG(told);
    if (got != status) printf("  it ended with %d\n", got);
    return got == status;
}

static void unescape(char *text)
{
    char *out = text;
    for (; *text; text++) {
        if (*text != '\\' || !text[1]) {
            *out++ = *text;
            continue;
        }
        switch (*++text) {
        case 'e': *out++ = 0x1B; break;
        case 'r': *out++ = '\r'; break;
        case 'n': *out++ = '\n'; break;
        case 't': *out++ = '\t'; break;
        case 'x': *out++ = (char)strtol((char[]){text[1], text[2], 0}, NULL, 16), text += 2; break;
        default: *out++ = *text;
        }
    }
    *out = '\0';
}

static void print_screen(void)
{
    char line[WIDE * 4 + 1];
    for (int row = 0; row < rows; row++) {
        row_text(row, line);
        if (*line) printf("  %2d|%s\n", row + 1, line);
    }
    printf("  cursor %d %d\n", x + 1, y + 1);
}

static bool is_sane(const struct termios *original)
{
    struct termios now;
    return tcgetattr(slave, &now) == 0 && now.c_lflag == original->c_lflag &&
           now.c_iflag == original->c_iflag && now.c_oflag == original->c_oflag &&
           now.c_cc[VSUSP] == original->c_cc[VSUSP];
}

int main(int argc, char **argv)
{
    char line[1024];
    struct termios original;
    if (argc < 4) return 2;
    columns = atoi(argv[1]), rows = atoi(argv[2]), bottom = rows - 1;
    struct winsize size = {.ws_col = columns, .ws_row = rows};
    for (int row = 0; row < HIGH; row++) blank(row, 0, WIDE);
    memcpy(other, cells, sizeof cells);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (openpty(&master, &slave, NULL, NULL, &size) != 0) return 2;
    tcgetattr(slave, &original);
    child = fork();
    if (child == 0) {
        close(master);
        login_tty(slave);
        execvp(argv[3], argv + 3);
        _exit(127);
    }
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        if (!*line || *line == '#') continue;
        char *text = strchr(line, ' '), *verb = line, none = '\0';
        if (text) *text++ = '\0';
        if (!text) text = &none;
        char *plain = strdup(text);
        unescape(text);
        bool done = true;
        if (!strcmp(verb, "type")) {
            done = write(master, text, strlen(text)) >= 0;
        } else if (!strcmp(verb, "size")) {
            sscanf(text, "%d %d", &columns, &rows);
            bottom = rows - 1;
            size = (struct winsize){.ws_col = columns, .ws_row = rows};
            done = ioctl(master, TIOCSWINSZ, &size) == 0;
        } else if (!strcmp(verb, "signal")) {
            done = kill(child, atoi(text)) == 0;
        } else if (!strcmp(verb, "end")) {
            done = ended(atoi(text));
        } else if (!strcmp(verb, "sane")) {
            done = is_sane(&original);
        } else {
            done = wait_for(verb, text);
        }
        if (done) {
            passed++;
        } else {
            failed++;
            printf("FAILED: %s %s\n", verb, plain);
            print_screen();
        }
        free(plain);
        if (failed > 3) break;
    }
    if (child > 0) kill(child, SIGKILL);
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}

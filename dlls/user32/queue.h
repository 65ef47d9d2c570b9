// The message queue of each thread.
#ifndef LOWLAND_USER32_QUEUE_H
#define LOWLAND_USER32_QUEUE_H

#include "user.h"

struct timer;

// A posted message.
struct posted {
    struct posted *next;
    MSG message;
};

// A message that another thread sent. The sender and the queue hold one reference each.
struct sent {
    struct sent *next;
    struct sent *outer; // the one that was being handled when this one came in between
    unsigned references;
    struct queue *sender; // who waits for the answer; NULL: nobody
    HWND window;
    UINT message;
    WPARAM wparam;
    LPARAM lparam;
    bool unicode;
    bool answered;
    LRESULT result;
    SENDASYNCPROC callback; // called in the sender's thread with the answer
    ULONG_PTR callback_data;
};

struct queue {
    struct queue *next;
    DWORD thread;
    HANDLE wake;         // auto-reset event: set when something in wake_mask comes
    DWORD wake_mask;     // QS_*, while the thread waits
    DWORD bits, changed; // QS_* that are there; that came since somebody asked
    unsigned arrivals;   // counts what came
    struct posted *first, *last;
    struct sent *first_sent, *last_sent;
    struct sent *answers; // callbacks to make
    struct sent *handled; // innermost
    struct timer *timers;
    bool quit;
    int quit_code;
    MSG retrieved; // the last message: GetMessageTime and its like
    LPARAM extra_info;
};

// The calling thread's queue, made at first use; NULL without memory.
struct queue *queue_self(void);
// Another thread's; NULL if it has none. Under the lock.
struct queue *queue_of_thread(DWORD thread);

// Tells a queue that something came (0: only that it should look again). Under the lock.
void queue_signal(struct queue *queue, DWORD bits);

// Waits until something comes after the first `seen` arrivals, another thread sent a message, or milliseconds
// have passed. Not under the lock.
void queue_wait(struct queue *queue, unsigned seen, DWORD milliseconds);

// Puts a message at the end. Under the lock. False without memory.
bool queue_post(struct queue *queue, const MSG *message);

// Handles the messages that other threads sent to the calling one. Not under the lock.
void queue_handle_sent(struct queue *queue);

// Forgets what was posted to a window. Under the lock.
void queue_forget_window(struct queue *queue, HWND window);

// The calling thread ends.
void queue_thread_exit(void);

#endif

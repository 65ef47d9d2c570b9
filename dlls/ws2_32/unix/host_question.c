// A thread for each question that the host answers only by blocking.
#include "host_question.h"
#include "file.h"
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

void host_question_let_go(struct host_question *question)
{
    if (atomic_fetch_sub(&question->holders, 1) != 1) return;
    close(question->done);
    free(question);
}

void *host_question_new(size_t size, void (*answer)(struct host_question *question))
{
    struct host_question *question = calloc(1, size);
    if (question == NULL) return NULL;
    question->holders = 1;
    question->answer = answer;
    question->done = eventfd(0, EFD_CLOEXEC);
    if (question->done >= 0) return question;
    free(question);
    return NULL;
}

static void *answer(void *argument)
{
    struct host_question *question = argument;
    question->answer(question);
    eventfd_write(question->done, 1);
    host_question_let_go(question);
    return NULL;
}

NTSTATUS host_question_ask(struct host_question *question)
{
    pthread_t thread;
    pthread_attr_t attributes;
    sigset_t all, before;
    atomic_store(&question->holders, 2);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&thread, &attributes, answer, question);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (error != 0) {
        host_question_let_go(question);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    return host_wait_fd(question->done, POLLIN, false, NULL);
}

// `lowland`: this thread becomes the service thread, the program's first thread is another.
#include "loader/check.h"
#include "loader/options.h"
#include "loader/reg_command.h"
#include "loader/service.h"
#include "loader/start.h"
#include <unistd.h>

int main(int argc, char **argv)
{
    struct options options;
    options_parse(&options, argc, argv);
    if (options.command == COMMAND_CHECK) return check_program(options.program);
    if (options.command == COMMAND_REG) return reg_command(options.arguments);
    if (options.command == COMMAND_CHILD)
        start_child(&options);
    else
        start_program(&options, environ);
    service_run();
}

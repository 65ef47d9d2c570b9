# Completion for lowland in bash: options, the commands `check` and `reg`, then programs, then any file.
_lowland()
{
    local word=$2 i program=
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        --status-fd) ((i++)) ;;
        -* | check | reg | = | '') ;;
        *) program=${COMP_WORDS[i]} ;;
        esac
    done
    compopt -o filenames 2>/dev/null
    if [ -n "$program" ]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    elif [[ $word == -* ]]; then
        compopt +o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -W '--trace --trace= --trace-json --status-fd --help --version' -- "$word")
        [[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null
    else
        mapfile -t COMPREPLY < <(compgen -d -- "$word"; compgen -f -X '!*.[eE][xX][eE]' -- "$word")
        [ "$COMP_CWORD" != 1 ] || mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W 'check reg' -- "$word")
    fi
}
complete -F _lowland lowland

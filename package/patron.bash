# Completion of patron's command line for bash. Verbs, options and arguments are the program's own
# table, filled in when it was built; metrics and params are asked of the program itself.

# The names in what `patron ARGUMENTS --json` lists.
_patron_names()
{
    "${words[0]/#\~/$HOME}" "$@" --json 2>/dev/null | grep -o '{"name":"[^"]*"' | cut -d '"' -f 4
}

# The params of the policy on the command line, as NAME=.
_patron_params()
{
    local word
    for word in "${words[@]:2}"; do
        [[ $word == *.lua ]] && _patron_names check "$word" | sed 's/$/=/'
    done
}

# Completes $cur as what a word of the synopsis stands for.
_patron_word()
{
    local part before=""
    for part in ${1//|/ }; do
        case $part in
            DATA) _filedir '@(csv|json|ndjson|csv.gz|json.gz|ndjson.gz|patron)' ;;
            POLICY) _filedir lua ;;
            FILE) _filedir ;;
            FOLDER | DIR) _filedir -d ;;
            NAME) COMPREPLY+=($(compgen -W '$(_patron_names metrics)' -- "$cur")) ;;
            NAMES)
                [[ $cur == *,* ]] && before=${cur%,*},
                COMPREPLY+=($(compgen -P "$before" -W '$(_patron_names metrics)' -- "${cur##*,}"))
                compopt -o nospace 2>/dev/null
                ;;
            NAME=VALUE)
                COMPREPLY+=($(compgen -W '$(_patron_params)' -- "$cur"))
                compopt -o nospace 2>/dev/null
                ;;
            *[A-Z]*) ;;
            *) COMPREPLY+=($(compgen -W "$part" -- "$cur")) ;;
        esac
    done
}

# What the option $1 takes, in $takes; false if it takes nothing.
_patron_takes()
{
    local option
    for option in "${options[@]}"; do
        [[ ${option%%:*} == "$1" ]] && takes=${option#*:} && [[ $takes ]] && return
    done
    return 1
}

_patron()
{
    local cur prev words cword split
    _init_completion -s || return

    local verbs=(
@VERBS@
    )
    if ((cword == 1)); then
        COMPREPLY=($(compgen -W "${verbs[*]} help --help --version" -- "$cur"))
        return
    fi

    local options=() arguments=() verb=${words[1]}
    [[ $verb == help && $cword == 2 ]] && COMPREPLY=($(compgen -W "${verbs[*]}" -- "$cur"))
    case $verb in
@CASES@
    esac

    local i nth=0 takes
    if _patron_takes "$prev"; then
        _patron_word "$takes"
    elif [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "${options[*]%%:*}" -- "$cur"))
    else
        for ((i = 2; i < cword; i++)); do
            if _patron_takes "${words[i]}"; then
                ((i++))
            elif [[ ${words[i]} != -?* ]]; then
                ((nth++))
            fi
        done
        [[ ${arguments[nth]-} ]] && _patron_word "${arguments[nth]}"
    fi
} && complete -F _patron patron

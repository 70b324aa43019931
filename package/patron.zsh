#compdef patron
# Completion of patron's command line for zsh. Verbs, options and arguments are the program's own
# table, filled in when it was built; metrics and params are asked of the program itself.

# The names in what `patron ARGUMENTS --json` lists.
_patron_names() {
  $~program "$@" --json 2>/dev/null | grep -o '{"name":"[^"]*"' | cut -d '"' -f 4
}

# Completes as what a word of the synopsis stands for.
_patron_word() {
  local part policy
  for part in ${(s:|:)1}; do
    case $part in
    DATA) _files -g '*.(csv|json|ndjson|csv.gz|json.gz|ndjson.gz|patron)(-.)' ;;
    POLICY) _files -g '*.lua(-.)' ;;
    FILE) _files ;;
    FOLDER|DIR) _files -/ ;;
    NAME) compadd - $(_patron_names metrics) ;;
    NAMES)
      compset -P '*,'
      compadd -S '' - $(_patron_names metrics)
      ;;
    NAME=VALUE)
      for policy in ${(M)words:#*.lua}; do
        compadd -S '=' - $(_patron_names check $policy)
      done
      ;;
    *[A-Z]*) _message $part ;;
    *) compadd - $part ;;
    esac
  done
}

_patron() {
  local program=$words[1] verb=$words[2]
  local -a verbs specs
  verbs=(
@VERBS@
  )
  if (( CURRENT == 2 )); then
    _describe verb verbs
    compadd - help --help --version
    return
  elif [[ $verb == help ]]; then
    (( CURRENT == 3 )) && _describe verb verbs
    return
  fi
  case $verb in
@CASES@
  esac
  shift words
  (( CURRENT-- ))
  _arguments -S : $specs
}

_patron "$@"

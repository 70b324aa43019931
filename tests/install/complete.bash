# Prints what bash offers at the end of a command line, a candidate a line:
#
#   bash complete.bash SCRIPT 'patron score sam'
. /usr/share/bash-completion/bash_completion
. "$1"
COMP_LINE=$2
COMP_POINT=${#2}
# As readline parts words; an empty last one stands where a word would begin.
read -r -a COMP_WORDS <<<"${2//=/ = }"
[[ $2 != *[\ =] ]] || COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_patron
[[ ${#COMPREPLY[@]} == 0 ]] || printf '%s\n' "${COMPREPLY[@]}"

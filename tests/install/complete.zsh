# Prints what zsh offers at the end of a command line, a candidate a line. Completion lives in the
# line editor, so that an interactive zsh on a pseudo-terminal is asked.
#
#   zsh -f complete.zsh SCRIPT 'patron score sam'
zmodload zsh/zpty zsh/zselect
folder=$(mktemp -d)
trap 'rm -rf $folder' EXIT
ln -s ${1:A} $folder/_patron

cat >$folder/setup <<END
fpath=($folder \$fpath)
autoload -Uz compinit
compinit -u -D
bindkey '^I' complete-word
compadd() { # what the real one would add, unless it only filters
  local -a found
  if [[ \${(j: :)@[1,(i)-]} != *-[OAD]\ * ]]; then
    builtin compadd -O found "\$@"
    print -rl -- \$found >>$folder/offered
  fi
  builtin compadd "\$@"
}
finish() { mv $folder/offered $folder/done 2>/dev/null || : >$folder/done }
comppostfuncs=(finish)
: >$folder/ready
END

await() {
  local i
  for i in {1..2000}; do
    [[ -e $1 ]] && return
    zpty -r -t z >/dev/null
    zselect -t 1
  done
  print -u2 "zsh did not answer"
  exit 1
}

zpty z zsh -f -i
zpty -w z ". $folder/setup"
await $folder/ready
zpty -w -n z "$2"$'\t'
await $folder/done
grep . $folder/done
zpty -d z

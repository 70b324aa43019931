#!/bin/bash
# Tries an installed Patron as its users would, away from the source tree. ROOT is what DESTDIR was,
# empty for a real installation.
#
#   bash try.sh PREFIX [ROOT]
set -u
root=${2:-} at=${2:-}$1
program=$at/bin/patron
scratch=$(mktemp -d) && trap 'rm -rf "$scratch"' EXIT && cd "$scratch" || exit 1

check() { # check TITLE NEEDED-PROGRAM COMMAND...
    if ! command -v "$2" >/dev/null; then
        echo "skipped: $1; $2 is not installed"
    elif "${@:3}" >"$scratch/out" 2>&1; then
        echo "ok: $1"
    else
        echo "FAILED: $1 ($at)"
        cat "$scratch/out"
        exit 1
    fi
}

verbs() {
    "$program" --help | sed -n '/^Usage:/,/^$/s/^  patron \([a-z-]*\) .*/\1/p'
}

says_version() {
    "$program" --version | grep -x 'patron [0-9.]*'
}

scores() {
    "$program" score "$at/share/doc/patron/examples/samples/bank" \
        "$at/share/patron/policies/card-retention.lua" -o decisions.csv &&
        [ "$(wc -l <decisions.csv)" = 25 ] && grep ',waive the fee,' decisions.csv
}

# Built against what is installed, by what pkg-config says of it, and run.
embeds() {
    local lib examples=$at/share/doc/patron/examples
    lib=$(dirname "$(find "$at/lib" -name libpatron.so)")
    export PKG_CONFIG_PATH=$lib/pkgconfig
    [ -z "$root" ] || export PATRON=$program LD_LIBRARY_PATH=$lib PKG_CONFIG_SYSROOT_DIR=$root \
        PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1
    cc "$examples/samples/embed.c" $(pkg-config --cflags --libs patron) -o embed &&
        ./embed "$examples/samples/bank" "$examples/policies/card-retention.lua" C001 >embedded &&
        grep '"customers":24' embedded && grep 'C001.*waive the fee' embedded &&
        [ "$(pkg-config --modversion patron)" = "$("$program" --version | cut -d ' ' -f 2)" ]
}

# The examples that each help shows, in a copy of the folder that is meant for them.
shows_examples() {
    local verb line
    cp -r --dereference "$at/share/doc/patron/examples" . && cd examples || return
    for verb in $(verbs); do
        while read -r line; do
            eval "\"\$program\" $line" >/dev/null </dev/null || return
        done < <("$program" "$verb" --help | sed -n 's/^  patron //p')
    done
}

has_manual() {
    local verb
    man -M "$at/share/man" -P cat patron | grep '^ *patron - ' || return
    for verb in $(verbs); do
        man -M "$at/share/man" -P cat "patron-$verb" | grep "^ *patron-$verb - " || return
    done
}

# Both shells find the script by themselves in a real installation.
completes_in_bash() {
    XDG_DATA_DIRS=${root:+$at/share} bash -c '
        . /usr/share/bash-completion/bash_completion
        _completion_loader patron; complete -p patron' | grep -x 'complete -F _patron patron'
}

completes_in_zsh() {
    zsh -f -c "${root:+fpath=($at/share/zsh/* \$fpath)}"'
        autoload -Uz compinit && compinit -u -D && print $_comps[patron]' | grep -x _patron
}

check "says its version" grep says_version
check "scores the bank by a stock policy" grep scores
check "embeds in a C program" pkg-config embeds
check "runs the examples of its help" sed shows_examples
check "has a manual page for every verb" man has_manual
check "completes in bash" bash completes_in_bash
check "completes in zsh" zsh completes_in_zsh

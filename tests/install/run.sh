#!/bin/bash
# Installs Patron both ways, by `cmake --install` and as a Debian package, and tries each: under
# DESTDIR, and then, as root where debootstrap can be had, in a Debian that has nothing else.
#
#   bash tests/install/run.sh
set -eu
cd "$(dirname "$0")/../.."
here=$PWD/tests/install

sh .ci/build.sh release
sh .ci/build.sh deb
package=$(ls build/deb/patron_*.deb)
work=$(mktemp -d)
trap 'umount "$work/root/proc" 2>/dev/null; rm -rf "$work"' EXIT

quietly() {
    if ! "$@" >"$work/log" 2>&1 </dev/null; then
        cat "$work/log"
        exit 1
    fi
}

echo "- cmake --install, under DESTDIR"
DESTDIR=$work/local quietly cmake --install build/release --prefix /usr/local
bash "$here/try.sh" /usr/local "$work/local"

echo "- $package, unpacked"
if command -v lintian >/dev/null; then
    quietly lintian --fail-on error,warning --allow-root "$package"
    echo "ok: lintian has nothing to say"
else
    echo "skipped: lintian is not installed"
fi
cp "$package" "$work/first.deb"
sh .ci/build.sh deb
cmp "$package" "$work/first.deb"
echo "ok: made again, it is the same to the byte"
dpkg-deb -x "$package" "$work/deb"
if grep -rl --binary-files=text -F "$PWD" "$work/deb" "$work/local"; then
    echo "FAILED: the files above name the source tree"
    exit 1
fi
bash "$here/try.sh" /usr "$work/deb"

if [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null; then
    echo "skipped: the clean root; it needs root and debootstrap"
    exit 0
fi

inside() {
    quietly chroot "$work/root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive "$@"
}

try() {
    chroot "$work/root" env -i PATH=/usr/bin:/bin LC_ALL=C.UTF-8 bash /try.sh "$1"
}

echo "- $package, in a clean root"
release=$(. /etc/os-release && echo "$VERSION_CODENAME")
if ! debootstrap --variant=minbase "$release" "$work/root" http://deb.debian.org/debian \
    >"$work/log" 2>&1 || ! mount -t proc proc "$work/root/proc"; then
    tail -5 "$work/log"
    echo "skipped: the clean root; no network, or no right to mount"
    exit 0
fi
cp "$here/try.sh" "$package" "$work/root"
inside apt-get install -y --no-install-recommends man-db bash-completion zsh \
    gcc libc6-dev pkgconf
inside apt-get install -y --no-install-recommends "/$(basename "$package")"
try /usr
inside apt-get remove -y patron
if find "$work/root/usr" "$work/root/etc" -name '*patron*' | grep .; then
    echo "FAILED: the package leaves the files above behind"
    exit 1
fi

echo "- cmake --install, in the same root"
cp -a "$work/local/." "$work/root"
inside ldconfig
try /usr/local

#!/bin/sh
# Installs those of the named Debian packages that are missing; asks for no rights when none is.
#
#   deps.sh NAME...     MAJOR in a name is the PostgreSQL that this release carries, or PG_MAJOR
#                       NAME? is installed where this release carries it
set -eu

as_root=
may_install() {
	[ "$(id -u)" -eq 0 ] && return
	as_root=sudo
	command -v sudo >/dev/null
}

is_installed() {
	dpkg-query --show --showformat='${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

is_carried() {
	apt-cache show --no-all-versions "$1" >/dev/null 2>&1
}

# A new machine has no lists of packages yet.
read_lists() {
	if [ -z "${lists_read:-}" ] && may_install; then
		$as_root apt-get update -qq
		lists_read=yes
	fi
}

# The package postgresql depends on the one of the newest major version, postgresql-15.
carried_postgresql() {
	apt-cache depends postgresql 2>/dev/null | sed -n 's/^ *Depends: postgresql-\([0-9]*\)$/\1/p'
}

major=${PG_MAJOR:-$(carried_postgresql)}
if [ -z "$major" ]; then
	read_lists
	major=$(carried_postgresql)
fi
[ -n "$major" ] || {
	echo "deps: this release carries no package postgresql; name a version: make deps PG_MAJOR=15" >&2
	exit 1
}

missing=
add_missing() {
	package=$(echo "$1" | sed "s/MAJOR/$major/")
	is_installed "$package" || missing="$missing $package"
}

for name; do
	[ "$name" != "${name%\?}" ] || add_missing "$name"
done
[ -z "$missing" ] || read_lists
for name; do
	package=${name%\?}
	[ "$name" = "$package" ] || ! is_carried "$package" || add_missing "$package"
done
[ -n "$missing" ] || exit 0

may_install || {
	echo "deps: these packages are missing, and only root may install them:$missing" >&2
	echo "deps: run this as root: apt-get install --no-install-recommends$missing" >&2
	exit 1
}
echo "deps: installing$missing"
read_lists
# shellcheck disable=SC2086 -- a list of names
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing

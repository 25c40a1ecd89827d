#!/bin/sh
# Installs those of the named Debian packages that are missing; asks for no rights when none is.
set -eu

missing=
for package; do
	dpkg-query --show --showformat='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed ||
		missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || {
		echo "deps: these packages are missing, and only root may install them:$missing" >&2
		echo "deps: run this as root: apt-get install --no-install-recommends$missing" >&2
		exit 1
	}
	as_root=sudo
fi

echo "deps: installing$missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
# shellcheck disable=SC2086 -- a list of names
$as_root apt-get install -y -qq --no-install-recommends $missing

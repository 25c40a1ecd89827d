# Chroots of releases of Debian and Ubuntu, for test/versions and test/upgrade_server. Only root may make them.

readonly chroots=${VERSIONS:-/var/tmp/ttr-versions}
readonly mirror=${MIRROR:-http://deb.debian.org/debian}
readonly ubuntu_mirror=${UBUNTU_MIRROR:-http://archive.ubuntu.com/ubuntu}

needs_root() {
	[ "$(id -u)" -eq 0 ] || { echo "$1: only root may make a chroot; run this as root: $1" >&2; exit 1; }
	./deps.sh debootstrap util-linux git ca-certificates
	mkdir -p "$chroots"
}

# A chroot as debootstrap leaves it, with what reaches the network from here.
make_chroot() {
	local root=$1 release=$2
	if [ ! -e "$root/.made" ]; then
		rm -rf "$root"
		case $release in
			jammy | noble) debootstrap --variant=minbase --components=main,universe "$release" "$root" "$ubuntu_mirror" gutsy ;;
			*) debootstrap --variant=minbase "$release" "$root" "$mirror" ;;
		esac
		touch "$root/.made"
	fi
	echo 'Acquire::Check-Valid-Until "false";' >"$root/etc/apt/apt.conf.d/90ttr"
	cp --dereference /etc/resolv.conf /etc/hosts "$root/etc/"
	# npm trusts there what is trusted here, such as a proxy's own authority.
	cp --dereference /etc/ssl/certs/ca-certificates.crt "$root/etc/authorities.crt"
}

# Everything that is mounted or started there ends with the namespace.
in_chroot() {
	local root=$1
	shift
	unshare --mount --pid --fork --kill-child sh -c '
		mount --make-rprivate /
		mount -t proc proc "$0/proc"
		mount --rbind /dev "$0/dev"
		mount -t tmpfs tmpfs "$0/dev/shm"
		exec chroot "$0" "$@"' "$root" \
		/usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
		NODE_EXTRA_CA_CERTS=/etc/authorities.crt "$@"
}

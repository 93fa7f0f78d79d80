#!/bin/sh
# Installs the Debian packages of the named groups of tests/packages.txt that are missing; says which, asks nothing.
# usage: sh tests/setup.sh [--no|--print] GROUP...
# Decides when and how packages are installed; which ones stands in packages.txt. Status: 0 all there, 69 packages
# cannot be had here (no Debian, no network), 77 not allowed to install.
set -u
list=$(dirname "$0")/packages.txt
print=no
case ${1-} in
--no) exit 0 ;;
--print) print=yes; shift ;;
esac

wanted=$(awk -v groups=" $* " '!/^#/ && index(groups, " " $1 " ") { print $2 }' "$list")
explain() {
	for package in $1; do
		awk -v package="$package" '$2 == package { $1 = ""; name = $2; $2 = ""; sub(/^ +/, "")
			printf "  %-22s %s\n", name, $0 }' "$list" | head -n 1
	done
}

if [ $print = yes ]; then
	explain "$wanted"
	exit 0
fi
if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
	# Another system: if everything can be found by other means, that is enough.
	if command -v gcc >/dev/null 2>&1 && command -v pkg-config >/dev/null 2>&1 && pkg-config --exists libxml-2.0 \
		sqlite3 harfbuzz-subset libdeflate xlsxwriter icu-i18n jansson libcrypto libqrencode zlib; then
		exit 0
	fi
	echo "setup: this is no Debian; please install what these Debian packages hold, then run make with SETUP=no:" >&2
	explain "$wanted" >&2
	exit 69
fi

missing_now() {
	# shellcheck disable=SC2086
	dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted 2>/dev/null | awk -v wanted="$wanted" '
		$2 == "installed" { there[$1] = 1 }
		END { n = split(wanted, all, /[ \n]+/); for (i = 1; i <= n; i++) if (all[i] != "" && !(all[i] in there)) print all[i] }'
}
missing=$(missing_now)
[ -n "$missing" ] || exit 0

echo "setup: missing Debian packages, to be installed by apt-get:"
explain "$missing"
as_root=
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null 2>&1; then
		echo "setup: neither root nor sudo; please have this run as root:" >&2
		echo "  apt-get install --no-install-recommends" $missing >&2
		exit 77
	fi
	as_root="sudo"
fi
log=$(mktemp) || exit 73
trap 'rm -f "$log"' EXIT
install() {
	# shellcheck disable=SC2086
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >"$log" 2>&1
}
lists() { ls /var/lib/apt/lists/*Packages* >/dev/null 2>&1; }
refresh() { echo "setup: apt-get update"; $as_root apt-get update -q >"$log" 2>&1; }

fresh=no
if ! lists; then
	refresh && fresh=yes
fi
if ! install && { [ $fresh = yes ] || ! refresh || ! install; }; then
	tail -n 15 "$log" >&2
	echo "setup: apt-get did not install them; please see to it and run make again:" >&2
	echo "  apt-get install --no-install-recommends" $missing >&2
	exit 69
fi
missing=$(missing_now)
if [ -n "$missing" ]; then
	echo "setup: still missing after installation:" $missing >&2
	exit 69
fi
echo "setup: done"

#!/usr/bin/env bash
# A full disk at any point: documented status, nothing published, the next run succeeds.
. "$(dirname "$0")/../cases/lib.sh"
W=$WORK/w
new_workspace "$W"
# Every file of the run is cut at a size: the store, temporary files, archives and workbooks meet the limit in turn.
for blocks in 8 64 300 700 1500 3000; do
	rm -rf "$W/outputs"; mkdir "$W/outputs"
	(ulimit -f "$blocks"; trap '' XFSZ; timeout 60 "$PANDIAN" -C "$W" run --period 2026Q1 > "$WORK/log" 2>&1)
	status=$?
	case $status in
	0) check "limit $blocks: success is real" test -e "$W/outputs/latest/manifest.json" ;;
	70 | 73 | 74 | 75) check "limit $blocks: status $status, nothing published" test ! -e "$W/outputs/latest" ;;
	*) not_ok "limit $blocks" "status $status"; head -n 3 "$WORK/log" | sed 's/^/# /' ;;
	esac
done
# A file system that is really full, where one may be mounted.
mkdir "$WORK/small"
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=6m tmpfs "$WORK/small" 2> /dev/null; then
	trap 'umount "$WORK/small"; rm -rf "$WORK"' EXIT
	rm -rf "$W/outputs"; ln -s "$WORK/small" "$W/outputs"
	timeout 60 "$PANDIAN" -C "$W" run --period 2026Q1 > "$WORK/log" 2>&1
	status=$?
	case $status in
	73 | 74 | 75) check "tmpfs of 6 MB: status $status, nothing published" test ! -e "$W/outputs/latest" ;;
	*) not_ok "tmpfs of 6 MB" "status $status"; head -n 3 "$WORK/log" | sed 's/^/# /' ;;
	esac
	rm "$W/outputs"; mkdir "$W/outputs"
	check "with room again the run succeeds" "$PANDIAN" -C "$W" run --period 2026Q1
else
	skip "tmpfs of 6 MB" "mounting is not allowed here"
fi
finish

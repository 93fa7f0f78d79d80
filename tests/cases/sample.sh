#!/usr/bin/env bash
# The sample centre over three quarters: what is published, that it repeats to the byte, that it explains itself.
. "$(dirname "$0")/lib.sh"
W=$WORK/one
new_workspace "$W"
for quarter in 2026Q1 2026Q2 2026Q3; do
	check "run $quarter" "$PANDIAN" -C "$W" run --period $quarter
done
OUT=$W/outputs/latest
check "latest is the newest quarter" test "$(readlink "$OUT")" = 2026Q3/r1
check "archives of everybody active" test "$(find "$OUT/archives/" -name '*.pdf' | wc -l)" -gt 300
check "a workbook is there" test -n "$(find "$OUT/" -maxdepth 1 -name '*.xlsx')"
manifest_holds() { python3 - "$OUT" <<'P'
import hashlib, json, os, sys
root = sys.argv[1]
top = json.load(open(os.path.join(root, 'manifest.json')))
files = {o['path']: o['sha256'] for o in top['outputs']}
for shard in top['shards']:
    body = open(os.path.join(root, shard['path']), 'rb').read()
    assert hashlib.sha256(body).hexdigest() == shard['sha256'], shard
    files.update({o['path']: o['sha256'] for o in json.loads(body)})
found = set()
for folder, _, names in os.walk(root):
    for name in names:
        path = os.path.relpath(os.path.join(folder, name), root)
        if path.startswith('manifest'):
            continue
        found.add(path)
        assert hashlib.sha256(open(os.path.join(root, path), 'rb').read()).hexdigest() == files[path], path
assert found == set(files), found ^ set(files)
assert top['counts']['rows'] == top['counts']['kept'] + top['counts']['rejected'] + top['counts']['merged'], top['counts']
for name in ('unknown-course', 'unknown-employee', 'bad-date', 'out-of-scale', 'duplicate'):
    assert top['findings'].get(name, 0) > 0, (name, top['findings'])
P
}
check "manifest names every file with its hash, and no row is lost" manifest_holds
expect_status "the same again is nothing to do" 0 "nothing to do" "$PANDIAN" -C "$W" run --period 2026Q3
check "no second revision" test ! -e "$W/outputs/2026Q3/r2"

V=$WORK/two
new_workspace "$V"
for quarter in 2026Q1 2026Q2 2026Q3; do
	check "run $quarter with one job in another zone" env TZ=America/St_Johns LC_ALL=C.UTF-8 "$PANDIAN" -C "$V" run --period $quarter --jobs 1
done
for quarter in 2026Q1 2026Q2 2026Q3; do
	check "$quarter: same bytes for other jobs, zone, locale and folder" test "$(tree_hash "$W/outputs/$quarter/r1")" = "$(tree_hash "$V/outputs/$quarter/r1")"
done

PDF=$(find "$OUT/archives/" -name '00124*.pdf')
if command -v pdftotext > /dev/null; then
	check "a rare name is in its archive" sh -c "pdftotext '$PDF' - | grep -q 𠮷田文静"
	check "its metadata as well" sh -c "pdfinfo '$PDF' | grep -q 𠮷田文静"
else
	skip "a rare name is in its archive" "pdftotext is not installed"
fi
if command -v qpdf > /dev/null; then
	check "archives are sound PDF" sh -c "find '$OUT/archives/' -name '*.pdf' | head -n 40 | xargs -n 1 qpdf --check"
else
	skip "archives are sound PDF" "qpdf is not installed"
fi
expect_status "explain names rule, file and row" 0 "lms_2026Q" "$PANDIAN" -C "$W" explain 00111 --period 2026Q3
expect_status "explain in English" 0 "rules/star.xml:" "$PANDIAN" -C "$W" explain 00111 star --period 2026Q3 --lang en
expect_status "explain of nobody" 66 "'4711'" "$PANDIAN" -C "$W" explain 4711 --period 2026Q3
check "one archive alone goes to partial" "$PANDIAN" -C "$W" run --period 2026Q3 --employee 00111
check "latest has not moved" test "$(readlink "$OUT")" = 2026Q3/r1
check "partial holds one archive of each edition" test "$(find "$W/outputs/partial/" -name '*.pdf' | wc -l)" -eq 2
check "files are for their owner only" test -z "$(find "$W/outputs" \( -type f -perm /077 -o -type d -perm /077 \) ! -path "$W/outputs" -print | head -n 1)"
expect_status "check proves the pack" 0 "" "$PANDIAN" -C "$W" check
check "run in English" "$PANDIAN" -C "$W" run --period 2026Q3 --lang en
check "it is a revision of its own" test -e "$W/outputs/2026Q3/r2/manifest.json"
finish

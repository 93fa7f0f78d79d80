#!/usr/bin/env bash
# Feeds that were read for nothing are told; those that rules or templates read are not.
. "$(dirname "$0")/lib.sh"
W=$WORK/w
small_workspace "$W"
sed -i 's|</inputs>|<source feed="q_sort" files="sample/q.csv" mapping="q.xml" load="full"/></inputs>|' "$W/inputs/inputs.xml"
cat > "$W/inputs/q.xml" <<'X'
<mapping xmlns="urn:pandian:inputs:1"><field name="panellist_id" column="专家"/><field name="competency_id" column="胜任力"/><field name="rank" column="排序"/></mapping>
X
printf '专家,胜任力,排序\nA,C01,1\n' > "$W/inputs/sample/q.csv"
check "run" "$PANDIAN" -C "$W" run --period 2026Q3
findings() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["findings"].get(sys.argv[2], 0))' "$W/outputs/latest/manifest.json" "$1"; }
check "the feed nobody reads is told, and only that" test "$(findings unused-feed)" = 1
check "the workbook names it" sh -c "unzip -p '$W'/outputs/latest/*.xlsx | grep -q 没有规则或模板使用"
finish

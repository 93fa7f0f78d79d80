# lib.sh - what the end-to-end cases share. Sourced; prints "ok NAME", "not ok NAME", "skip NAME # reason".
# PANDIAN: the program; ROOT: the repository. Each case works in its own temporary folder.
set -u
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
PANDIAN=${PANDIAN:-$ROOT/build/pandian}
WORK=$(mktemp -d "${TMPDIR:-/tmp}/pandian-case-XXXXXX")
trap 'rm -rf "$WORK"' EXIT
FAILED=0

ok() { echo "ok $1"; }
not_ok() { echo "not ok $1${2:+ # $2}"; FAILED=1; }
skip() { echo "skip $1 # $2"; }
# check NAME COMMAND...: ok if the command succeeds; its output is shown when it does not.
check() {
	local name=$1 out
	shift
	if out=$("$@" 2>&1); then ok "$name"; else not_ok "$name"; printf '%s\n' "$out" | head -n 20 | sed 's/^/# /'; fi
}
# expect_status NAME STATUS TEXT COMMAND...: exit status and a text that must stand in the output.
expect_status() {
	local name=$1 want=$2 text=$3 out status
	shift 3
	out=$("$@" 2>&1)
	status=$?
	if [ "$status" -ne "$want" ]; then
		not_ok "$name" "status $status instead of $want"
		printf '%s\n' "$out" | head -n 10 | sed 's/^/# /'
	elif ! printf '%s' "$out" | grep -qF -- "$text"; then
		not_ok "$name" "'$text' is not in the message"
		printf '%s\n' "$out" | head -n 10 | sed 's/^/# /'
	else
		ok "$name"
	fi
}
# new_workspace DIR: a workspace with the shipped pack and the sample's exports.
new_workspace() {
	mkdir -p "$1/outputs" && cp -r "$ROOT/rules" "$ROOT/report-templates" "$ROOT/inputs" "$1/"
}
# small_workspace DIR: the same with a handful of rows of our own: three people, two courses.
small_workspace() {
	mkdir -p "$1/outputs" "$1/inputs/sample" && cp -r "$ROOT/rules" "$ROOT/report-templates" "$1/" &&
		cp -r "$ROOT/inputs/mappings" "$ROOT/inputs/inputs.xml" "$1/inputs/"
	local in="$1/inputs/sample"
	printf '部门编号,部门名称,上级部门\nR,中心,\nT1,一组,R\n' > "$in/组织架构.csv"
	printf '岗位编号,岗位名称\nP1,客服代表\n' > "$in/岗位表.csv"
	printf '课程编号,课程名称,学分类别,学分,合格线\nK1,业务基础,业务能力,10,60\nK2,规范,操作规范,8,60\n' > "$in/课程目录.csv"
	printf '工号,姓名,部门编号,岗位编号,入职日期\n00101,林晓雯,T1,P1,2022-10-08\n00102,周启明,T1,P1,2020-01-05\n00103,陈芸,T1,P1,2026-09-01\n' > "$in/花名册_2026Q3.csv"
	printf '工号,课程编号,完成日期,次数,成绩,是否合格\n00101,K1,2026-08-02,1,95,合格\n00101,K2,2026-07-18,1,80,合格\n00102,K1,2026-07-05,1,56,不合格\n' > "$in/lms_2026Q3.csv"
	printf '季度,工号,质检得分,一次解决率,客户满意度,出勤率,业务考试\n2026Q3,00101,93.2,90%%,91%%,99.1%%,90\n2026Q3,00102,71,80%%,85%%,97%%,60\n' > "$in/绩效_2026Q3.csv"
}
tree_hash() { (cd "$1" && find . -type f | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum); }
finish() { exit "$FAILED"; }

#!/usr/bin/env python3
"""The laws of the house, told file by file. What they are stands in the files beside this one; how they are checked, here.

usage: lint.py [--top DIR] [--objects BUILD/batch] [--compile 'gcc … flags'] [--without LAW]

--objects  folder of objects: their exported symbols are checked
--compile  compiler and flags: every header is compiled alone
Prints `file:line: law: what is wrong`, and a line of totals. Status 1 if something is wrong.
"""
import argparse
import concurrent.futures
import fnmatch
import os
import re
import shlex
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
STANDARD = set("""assert ctype errno fenv float inttypes limits stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib
stdnoreturn string strings unistd fcntl dirent fnmatch glob poll sched semaphore spawn sys/types sys/stat sys/file sys/mman
sys/resource sys/select sys/socket sys/statvfs sys/time sys/uio sys/un sys/wait sys/prctl sys/random sys/syscall sys/vfs
sys/sendfile endian byteswap wchar tgmath search malloc immintrin emmintrin nmmintrin linux/fs""".split())
COLUMNS = 120
TAB = 4

wrong = []
excused = []                                   # (law, shell pattern of files), from excused.txt


def tell(path, line, law, text):
    if any(law == name and fnmatch.fnmatchcase(path, pattern) for name, pattern in excused):
        return
    wrong.append("%s:%d: %s: %s" % (path, line, law, text))


def rows_of(name):
    """Rows of a law file without comments; the comment at a row's end is its reason."""
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        for row in file:
            row = row.split("#", 1)[0].strip()
            if row:
                yield row


def read_laws():
    layers = {}
    for row in rows_of("layers.txt"):
        folder, _, others = row.partition(":")
        layers[folder.strip()] = set(others.split()) | {folder.strip(), "base"}
    homes = [(row.split()[0], row.split()[1:]) for row in rows_of("homes.txt")]
    banned = {}
    for row in rows_of("banned.txt"):
        words = row.split()
        names = [word for word in words if re.fullmatch(r"[a-z_0-9]+", word) and word != "none"]
        files = [word for word in words if word not in names and word != "none"]
        for name in names:
            banned[name] = files
    excused.extend(tuple(row.split()) for row in rows_of("excused.txt"))
    return layers, homes, banned, [row.split()[0] for row in rows_of("symbols.txt")]


def allowed(path, patterns):
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns)


TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def bare(text):
    """The code without comments and without what stands in texts; lines and columns stay."""
    def blank(match):
        token = match.group(0)
        keep = token[0] if token[0] in "\"'" else " "
        return keep + re.sub(r"[^\n]", " ", token[1:-1]) + (keep if len(token) > 1 else "")
    return TOKEN.sub(blank, text)


def line_at(text, offset):
    return text.count("\n", 0, offset) + 1


def width(line):
    columns = 0
    for character in line:
        columns += TAB - columns % TAB if character == "\t" else 1
    return columns


def folder_of(path):
    parts = path.split("/")
    return parts[1] if len(parts) > 2 else os.path.splitext(parts[1])[0]


def check_includes(path, text, layers, homes):
    if not path.startswith("batch/"):
        return
    folder = folder_of(path)
    if folder not in layers:
        tell(path, 1, "layers", "folder '%s' is not in layers.txt" % folder)
        return
    for match in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', text, re.M):
        line, header = line_at(text, match.start()), match.group(2)
        if match.group(1) == '"':
            target = header.split("/")[0]
            if "/" not in header:
                tell(path, line, "layers", 'include "%s": write the folder, "%s/%s"' % (header, folder, header))
            elif target not in layers[folder]:
                tell(path, line, "layers", '%s may not include "%s" (layers.txt)' % (folder, header))
            continue
        for pattern, files in homes:
            if fnmatch.fnmatchcase(header, pattern):
                if not allowed(path, files):
                    tell(path, line, "homes", "<%s> has its home in %s" % (header, " ".join(files)))
                break
        else:
            if header[:-2] not in STANDARD:
                tell(path, line, "homes", "<%s> is neither of the standard nor in homes.txt" % header)


def check_code(path, text, code, banned):
    if not path.startswith("batch/"):
        return
    for match in re.finditer(r"(?<![\w.>])([a-z_][a-z_0-9]*)\s*\(", code):
        name = match.group(1)
        if name in banned and not allowed(path, banned[name]):
            tell(path, line_at(code, match.start()), "banned", "%s() (banned.txt)" % name)
    if not allowed(path, ["batch/cli/*"]):
        for match in re.finditer(r"\b(stdout|stderr)\b", code):
            tell(path, line_at(code, match.start()), "banned", "%s below cli" % match.group(1))
    for match in re.finditer(r"\btypedef\s+(struct|union|enum)\b", code):
        tell(path, line_at(code, match.start()), "types", "typedef of a %s: use its tag" % match.group(1))
    for match in re.finditer(r"\bsqlite3_exec\s*\([^,]*,\s*(\S)", code):
        rest = code[match.start(1):]
        if not re.match(r'"|[A-Z][A-Z_0-9]*\b', rest):
            tell(path, line_at(code, match.start()), "sql", "sqlite3_exec of a text that is not written out here")
    if not allowed(path, ["batch/output/*", "batch/model/*", "batch/cli/*", "batch/report/*",
                          "batch/base/decimal.*"]):
        for match in re.finditer(r"\b(?:float|double)\b", code):
            tell(path, line_at(code, match.start()), "numbers", "binary floating point before the drawing code")


def check_form(path, text):
    untexted = re.sub(r'"(?:\\.|[^"\\\n])*"', '""', text).split("\n")   # a text is not broken: it does not count
    if not re.match(r"(#!.*\n)?(/\*|//|#)", text):
        tell(path, 1, "form", "the file does not begin with a comment that says what it decides")
    for number, line in enumerate(text.split("\n"), 1):
        if min(width(line), width(untexted[number - 1])) > COLUMNS:
            tell(path, number, "width", "%d columns, more than %d" % (width(line), COLUMNS))
        if re.match(r" {2,}\S", line) and not re.match(r" +\*", line):
            tell(path, number, "form", "indented by spaces, not by tabs")
        if re.search(r"[ \t]+$", line):
            tell(path, number, "form", "white space at the end")
    if not text.endswith("\n"):
        tell(path, text.count("\n") + 1, "form", "no end of line at the end")


# Roots of a file system that a source may name: what every Debian has.
ROOTS = "usr etc proc dev sys var run bin tmp nowhere nonexistent".split()
OURS = "batch inputs outputs rules report build tests doc share archives".split()


def check_paths(path, text):
    for match in re.finditer(r"(?<![\w.>*/)}\]$\"'~:<|&\\%-])/([a-z]+)/[\w.-]", text):
        if match.group(1) not in ROOTS:
            tell(path, line_at(text, match.start()), "paths", "a path of one machine: %s…" % match.group(0))
    for match in re.finditer(r"[\"'](/([a-z]+)/[\w.-]+)", text):
        if match.group(2) not in ROOTS + OURS:
            tell(path, line_at(text, match.start()), "paths", "a path of one machine: %s" % match.group(1))


def check_symbols(objects, exceptions):
    for folder, _, names in sorted(os.walk(objects)):
        for name in sorted(names):
            if not name.endswith(".o"):
                continue
            path = os.path.join(folder, name)
            place = "batch/" + os.path.relpath(path, objects)[:-2] + ".c"
            if not os.path.exists(place):
                continue                       # an object of a source that is gone
            stem = name[:-2]
            roots = {folder_of(place), stem, stem + "s"}
            roots |= {"_".join(stem.split("_")[:count]) for count in range(1, stem.count("_") + 1)}
            output = subprocess.run(["nm", "-g", "--defined-only", path], capture_output=True, text=True, check=True).stdout
            for row in output.splitlines():
                kind, symbol = row.split()[-2:]
                if kind == "U" or allowed(symbol, exceptions) or symbol.startswith("__"):
                    continue
                if not any(symbol == root or symbol.startswith(root + "_") for root in roots):
                    tell(place, 1, "symbols", "%s is exported and begins with none of: %s" % (symbol, ", ".join(sorted(roots))))


def check_headers(command, headers):
    def compile_alone(path):
        run = subprocess.run(shlex.split(command) + ["-Werror", "-fsyntax-only", "-x", "c", "-include", path, "/dev/null"],
                             capture_output=True, text=True)
        return path, run.returncode, run.stderr
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for path, status, text in pool.map(compile_alone, headers):
            if status != 0:
                tell(path, 1, "headers", "does not compile alone: " + next(
                    (row for row in text.splitlines() if "error" in row), text.strip()[:200]))


def sources():
    """Files of the tree that are ours to keep: tracked ones, and all of them where there is no git."""
    listing = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True)
    if listing.returncode == 0 and listing.stdout:
        return sorted(path for path in listing.stdout.split("\0") if path and os.path.isfile(path))
    found = []
    for folder, folders, names in os.walk("."):
        folders[:] = [name for name in folders if not name.startswith(("build", ".git", "outputs"))]
        found += [os.path.relpath(os.path.join(folder, name)) for name in names]
    return sorted(found)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--top", default=os.path.join(HERE, "..", ".."))
    parser.add_argument("--objects")
    parser.add_argument("--compile")
    parser.add_argument("--without", help="leave out one law")
    options = parser.parse_args()
    objects = os.path.abspath(options.objects) if options.objects else None
    os.chdir(options.top)
    layers, homes, banned, exceptions = read_laws()
    if options.without:
        excused.append((options.without, "*"))
    paths = sources()
    for path in paths:
        if not re.search(r"\.(c|h|def|sh|py|xml|dmn|md|txt|1)$|(^|/)(Makefile|run)$", path):
            continue
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
        if re.search(r"\.[ch]$", path):
            code = bare(text)
            check_includes(path, text, layers, homes)
            check_code(path, text, code, banned)
        if re.search(r"\.(c|h|def)$", path):
            check_form(path, text)
        if not path.startswith("tests/lint/"):
            check_paths(path, text)
    if options.compile:
        check_headers(options.compile, [path for path in paths if re.match(r"batch/.*\.h$", path)])
    if objects:
        check_symbols(objects, exceptions)
    print("\n".join(wrong + ["lint: %d files, %d against the law" % (len(paths), len(wrong))]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

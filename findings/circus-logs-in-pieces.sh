#!/usr/bin/env bash
# PyPI circus 0.19.0, a supervisor of processes, whose FileStream writes a program's output to files: plain, with a time in front of each line
# (time_format), and rotated by size (max_bytes). The program prints JSON, one object a line, in UTF-8.
#
# Expected: the file has what the program wrote, as supervisor 4.3.0's has; a time stands at the start of a line, and a file ends with a line.
# Seen: output is taken in reads of 1024 bytes, and each read is handled as if it began and ended with a whole line. A letter across two
# reads is two or more U+FFFD in the file, with no option set at all; with time_format a line over 1 KB becomes several, each with a time, so
# that no reader can join them; rotation cuts lines in two, the halves in two files. Short lines that are flushed one by one look right.
# Who wants to keep such lines has the program write its own file, or keeps them under 1 KB; who imports circus's logs takes a line that is no
# JSON as text, and does not stop.
set -euo pipefail
work=$(mktemp -d)
circus=
supervisor=
trap 'kill $circus $supervisor 2>/dev/null || true; wait; rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check circus==0.19.0 supervisor==4.3.0
cat >long.py <<'PY'
import json, sys, time
line = lambda text: sys.stdout.buffer.write((json.dumps({"text": text}, ensure_ascii=False) + "\n").encode())
line("x" + "\u00e9" * 1500)
sys.stdout.flush()
time.sleep(1)
line("short")
sys.stdout.flush()
time.sleep(600)
PY
cat >many.py <<'PY'
import json, sys, time
for number in range(200):
    print(json.dumps({"text": "x" * 80}))
sys.stdout.flush()
time.sleep(600)
PY
cat >circus.ini <<INI
[circus]
endpoint = ipc://$work/endpoint
pubsub_endpoint = ipc://$work/pubsub

[watcher:plain]
cmd = python3 $work/long.py
copy_env = True
stdout_stream.class = FileStream
stdout_stream.filename = $work/plain.log

[watcher:timed]
cmd = python3 $work/long.py
copy_env = True
stdout_stream.class = FileStream
stdout_stream.filename = $work/timed.log
stdout_stream.time_format = %H:%M:%S

[watcher:rotated]
cmd = python3 $work/many.py
copy_env = True
stdout_stream.class = FileStream
stdout_stream.filename = $work/rotated.log
stdout_stream.max_bytes = 10000
stdout_stream.backup_count = 9
INI
cat >supervisor.conf <<INI
[supervisord]
nodaemon=true
logfile=$work/supervisord.log
pidfile=$work/supervisord.pid

[program:long]
command=python3 $work/long.py
stdout_logfile=$work/supervisor.log
INI
venv/bin/circusd circus.ini >circusd.out 2>&1 &
circus=$!
venv/bin/supervisord -c supervisor.conf >supervisord.out 2>&1 &
supervisor=$!
for file in plain.log timed.log supervisor.log; do
    for _ in {1..300}; do
        if grep -q short "$file" 2>/dev/null; then break; fi
        sleep 0.1
    done
done
sleep 1
cat >look.py <<'PY'
import json, pathlib

def look(name, *files, skip=""):
    whole = other = 0
    text = ""
    for file in files:
        text += file.read_text()
        for line in file.read_text().splitlines():
            try:
                json.loads(line.partition(skip)[2] if skip else line)
                whole += 1
            except ValueError:
                other += 1
    return f"{name}: lines of JSON: {whole}, other lines: {other}, letters spoilt: {'yes' if chr(0xfffd) in text else 'no'}"

here = pathlib.Path(".")
print(look("supervisor, plain", here / "supervisor.log"))
print(look("circus, plain", here / "plain.log"))
print(look("circus, time_format", here / "timed.log", skip="] | "))
files = sorted(here.glob("rotated.log*"))
cut = sum(not file.read_text().endswith("\n") for file in files)
print(f"circus, max_bytes: {len(files)} files, {cut} of them end in the middle of a line")
PY
python3 look.py | tee seen
diff seen - <<'SEEN'
supervisor, plain: lines of JSON: 2, other lines: 0, letters spoilt: no
circus, plain: lines of JSON: 2, other lines: 0, letters spoilt: yes
circus, time_format: lines of JSON: 1, other lines: 3, letters spoilt: yes
circus, max_bytes: 2 files, 1 of them end in the middle of a line
SEEN
echo 'as described'

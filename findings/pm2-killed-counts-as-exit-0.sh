#!/usr/bin/env bash
# npm pm2 7.0.4, with stop_exit_codes [0] (start again unless the program says that it is done), on programs that exit and on programs that a
# signal ends: SIGKILL, as the kernel's out-of-memory killer sends it, and SIGABRT, as a failed assertion does.
#
# Expected: death by a signal is a failure, with an exit code of 128 + the signal as shells and containers count, and is started again.
# Seen: its exit code is 0, so that it counts as done: the program stays down, `stopped`, with no restart. An exit of the program's own is
# logged as "via signal [SIGINT]", which nobody sent. Who imports pm2's state or replaces it knows a death by what the kernel says (both
# values, code and signal), and does not take pm2's exit_code 0 for success.
set -euo pipefail
work=$(mktemp -d)
export PM2_HOME=$work/home
trap '"$work/node_modules/.bin/pm2" kill >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund pm2@7.0.4
cat >end.js <<'JS'
const [, , how, what] = process.argv;
setTimeout(() => (how === 'exit' ? process.exit(Number(what)) : process.kill(process.pid, what)), 1500);
JS
cat >programs.json <<'JSON'
{
    "apps": [
        { "name": "exit 0", "script": "./end.js", "args": "exit 0", "stop_exit_codes": [0], "min_uptime": 100 },
        { "name": "exit 1", "script": "./end.js", "args": "exit 1", "stop_exit_codes": [0], "min_uptime": 100 },
        { "name": "SIGKILL", "script": "./end.js", "args": "kill SIGKILL", "stop_exit_codes": [0], "min_uptime": 100 },
        { "name": "SIGABRT", "script": "./end.js", "args": "kill SIGABRT", "stop_exit_codes": [0], "min_uptime": 100 }
    ]
}
JSON
node_modules/.bin/pm2 start programs.json >/dev/null 2>&1
for _ in $(seq 150); do
    [[ $(grep -oE 'App \[[^]]*\] exited' home/pm2.log | sort -u | wc -l) == 4 ]] && break
    sleep 0.2
done
sleep 2 # for restarts
node_modules/.bin/pm2 jlist 2>/dev/null | node -e '
let text = "";
process.stdin.on("data", (data) => (text += data)).on("end", () => {
    for (const { name, pm2_env: state } of JSON.parse(text.slice(text.indexOf("[{")))) {
        console.log(`${name}: exit_code ${state.exit_code}, ${state.restart_time > 0 ? "started again" : state.status}`);
    }
});' | tee seen
grep -oE 'App \[exit 1:[0-9]+\] exited with code .*' home/pm2.log | sed -n 1p | tee -a seen
diff seen - <<'SEEN'
exit 0: exit_code 0, stopped
exit 1: exit_code 1, started again
SIGKILL: exit_code 0, stopped
SIGABRT: exit_code 0, stopped
App [exit 1:1] exited with code [1] via signal [SIGINT]
SEEN
echo 'as described'

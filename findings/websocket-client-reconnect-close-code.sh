#!/usr/bin/env bash
# PyPI websocket-client 1.9.2, WebSocketApp.run_forever(reconnect=1), against a server that closes with a code of its own (4401: token ended).
#
# Expected: on_close hears the server's code each time, so that the application can stop on 4401 instead of knocking for ever.
# Seen: with `reconnect` set, on_close is not called for a close that the server began and on_error neither: the application sees nothing but
# another on_open a second later. Without `reconnect` on_close has the code. A client that must read close codes reconnects by itself.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check websocket-client==1.9.2 websockets==17.4
cat >"$work/ask.py" <<'PY'
import threading, websocket
from websockets.sync.server import serve

def refuse(socket):
    socket.close(4401, "token ended")

with serve(refuse, "127.0.0.1", 0) as server:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
    for reconnect in (None, 1):
        opened, closed, failed, twice = [], [], [], threading.Event()
        def on_open(app):
            opened.append(1)
            if len(opened) == 2:
                twice.set()
        app = websocket.WebSocketApp(url, on_open=on_open, on_close=lambda app, code, reason: closed.append(code),
                                     on_error=lambda app, error: failed.append(error))
        runner = threading.Thread(target=lambda: app.run_forever(reconnect=reconnect), daemon=True)
        runner.start()
        if reconnect:
            assert twice.wait(20)
        else:
            runner.join(20)
        print(f"reconnect={reconnect}: opened {len(opened)} times, on_close heard {closed}, on_error heard {len(failed)}")
        app.close()
PY
"$work/venv/bin/python" "$work/ask.py" | tee "$work/seen"
diff "$work/seen" - <<'SEEN'
reconnect=None: opened 1 times, on_close heard [4401], on_error heard 1
reconnect=1: opened 2 times, on_close heard [], on_error heard 0
SEEN
echo 'as described'

#!/usr/bin/env bash
# PyPI python-kraken-sdk 3.5.1, Trade.truncate (and create_order(truncate=True), which uses it), for a pair of two price decimals and eight
# volume decimals, given amounts that have no more decimals than that.
#
# Expected: an amount that fits the pair is left as it is, above all when it comes as a Decimal; to truncate means to drop surplus digits, no
# more. Seen: it is multiplied as a binary float and floored, so that 4.35 becomes 4.34 and a volume of 1.15 becomes 1.14999999: of the
# prices from 0.01 to 99.99, one in seventeen goes out a tick lower. Who relays orders quantizes decimals itself, passes strings and
# leaves `truncate` off.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check uv
"$work/venv/bin/uv" pip install --quiet --python "$work/venv/bin/python" python-kraken-sdk==3.5.1
cat >"$work/ask.py" <<'PY'
import http.server, json, threading, urllib.parse
from decimal import Decimal
from kraken.base_api import SpotClient
from kraken.spot import Trade

class Exchange(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer({"PAIR": {"pair_decimals": 2, "lot_decimals": 8, "ordermin": "0.0001", "costmin": "0.01"}})
    def do_POST(self):
        order = urllib.parse.parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        print("order sent: price", order["price"][0], "volume", order["volume"][0])
        self.answer({})
    def answer(self, result):
        body = json.dumps({"error": [], "result": result}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Exchange)
threading.Thread(target=server.serve_forever, daemon=True).start()
SpotClient.URL = f"http://127.0.0.1:{server.server_port}"  # Trade asks for the pair's decimals through a client of its own
trade = Trade(key="key", secret="c2VjcmV0")
for amount, kind in (("4.35", "price"), ("4.36", "price"), ("0.29", "price"), ("1.15", "volume"), ("1.25", "volume")):
    print(kind, amount, "->", trade.truncate(Decimal(amount), kind, "PAIR"))
trade.create_order(ordertype="limit", side="buy", pair="PAIR", price="4.35", volume="1.15", truncate=True)
PY
"$work/venv/bin/python" "$work/ask.py" | tee "$work/seen"
diff "$work/seen" - <<'SEEN'
price 4.35 -> 4.34
price 4.36 -> 4.36
price 0.29 -> 0.28
volume 1.15 -> 1.14999999
volume 1.25 -> 1.25000000
order sent: price 4.34 volume 1.14999999
SEEN
echo 'as described'

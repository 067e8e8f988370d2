#!/usr/bin/env bash
# PyPI prometheus-client 0.26.0, text_string_to_metric_families (its parser of the text format 0.0.4), on a counter whose name has no suffix.
#
# Expected: the sample that is there, `jobs{queue="a"}`; the suffix _total is OpenMetrics' rule, in the text format it is a mere custom. Seen:
# a sample jobs_total, which the exposition does not have, and the family of a counter jobs_total is called jobs: the name asked for finds the
# other one, or nothing. What is parsed and written out again has another name than its source, so that a relay starts a second series in
# each dashboard. A gateway names its counters ..._total from the start, and relays an exposition as text.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check prometheus-client==0.26.0
cat >"$work/ask.py" <<'PY'
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

class Relay:
    def __init__(self, text):
        self.text = text
    def collect(self):
        return text_string_to_metric_families(self.text)

for name, kind in (("jobs", "counter"), ("jobs_total", "counter"), ("jobs", "gauge"), ("jobs_total", "gauge")):
    text = f'# TYPE {name} {kind}\n{name}{{queue="a"}} 3\n'
    [family] = text_string_to_metric_families(text)
    registry = CollectorRegistry()
    registry.register(Relay(text))
    written = generate_latest(registry).decode().splitlines()[-1]
    print(f"{kind} {name}: family {family.name}, sample {family.samples[0].name}, written again {written}")
PY
"$work/venv/bin/python" "$work/ask.py" | tee "$work/seen"
diff "$work/seen" - <<'SEEN'
counter jobs: family jobs, sample jobs_total, written again jobs_total{queue="a"} 3.0
counter jobs_total: family jobs, sample jobs_total, written again jobs_total{queue="a"} 3.0
gauge jobs: family jobs, sample jobs, written again jobs{queue="a"} 3.0
gauge jobs_total: family jobs_total, sample jobs_total, written again jobs_total{queue="a"} 3.0
SEEN
echo 'as described'

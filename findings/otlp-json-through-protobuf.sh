#!/usr/bin/env bash
# PyPI protobuf 7.36.2's json_format with opentelemetry-proto 1.45.2, the messages that OpenTelemetry publishes, on a trace in OTLP/JSON as its
# exporters send it, and the other way on one in OTLP/protobuf.
#
# Expected: a JSON that is OTLP is read by protobuf's own JSON mapping, or refused where OTLP departs from it (ids are hex there, not
# base64; enums are numbers). Seen: it is taken without an error, with other ids: 32 hex digits are good base64 as well, for 24 bytes, where a
# trace id has 16. Written as JSON again it looks right, so that a test by round trip finds nothing; relayed as protobuf it has ids that
# belong to nothing. The other way, ids go out in base64 and kinds by name, which OTLP/JSON forbids. A receiver that takes both
# encodings has its own reader for JSON and checks that ids have 16 and 8 bytes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check opentelemetry-proto==1.45.2 protobuf==7.36.2
cat >"$work/ask.py" <<'PY'
import json
from google.protobuf.json_format import MessageToJson, Parse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

def request(span):
    return ExportTraceServiceRequest(resource_spans=[ResourceSpans(scope_spans=[ScopeSpans(spans=[span])])])

hex_id = "5b8efff798038103d269b633813fc60c"
sent = {"traceId": hex_id, "spanId": "eee19b7ec3c1b174", "name": "turn", "kind": 2, "startTimeUnixNano": "1544712660000000000"}
taken = Parse(json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [sent]}]}]}), ExportTraceServiceRequest())
span = taken.resource_spans[0].scope_spans[0].spans[0]
print("JSON in:", len(span.trace_id), "bytes of trace id,", len(span.span_id), "of span id, the same as sent:", span.trace_id == bytes.fromhex(hex_id))
again = json.loads(MessageToJson(taken))["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
print("JSON in, JSON out:", again["traceId"] == hex_id, again["kind"])
out = json.loads(MessageToJson(request(Span(trace_id=bytes.fromhex(hex_id), kind=Span.SPAN_KIND_SERVER))))
print("protobuf in, JSON out:", out["resourceSpans"][0]["scopeSpans"][0]["spans"][0])
PY
"$work/venv/bin/python" "$work/ask.py" | tee "$work/seen"
diff "$work/seen" - <<'SEEN'
JSON in: 24 bytes of trace id, 12 of span id, the same as sent: False
JSON in, JSON out: True SPAN_KIND_SERVER
protobuf in, JSON out: {'traceId': 'W47/95gDgQPSabYzgT/GDA==', 'kind': 'SPAN_KIND_SERVER'}
SEEN
echo 'as described'

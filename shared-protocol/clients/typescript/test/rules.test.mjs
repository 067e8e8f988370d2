// The rules every client keeps, against a gateway that says what it is told to.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { Agent, Backoff, FairleadError, Stream } from "@fairlead/client";
import { WebSocketServer } from "ws";

let folder;
let peers;
let refusals;
let states;
let problems;
let close;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rules-"));
  [peers, refusals, states, problems, close] = [[], [], [], [], () => {}];
});
afterEach(() => {
  close();
  rmSync(folder, { recursive: true });
});

/** One script a connection, in their order; the last for all that come after. */
async function gateway(...scripts) {
  const http = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  http.on("upgrade", (request, socket, head) => {
    const refusal = refusals.shift();
    if (refusal) {
      const body = JSON.stringify({ error: { code: refusal.code, message: refusal.message } });
      const after = refusal.retryAfter ? `Retry-After: ${refusal.retryAfter}\r\n` : "";
      socket.end(
        `HTTP/1.1 ${refusal.status} No\r\n${after}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      );
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => {
      const heard = [];
      let wake = () => {};
      ws.on("message", (text) => {
        heard.push(JSON.parse(text));
        wake();
      });
      const peer = {
        ws,
        path: new URL(request.url, "http://x").pathname,
        query: new URL(request.url, "http://x").searchParams,
        token: request.headers.authorization?.replace("Bearer ", ""),
        say: (frame) => ws.send(JSON.stringify(frame)),
        hear: async () => {
          while (heard.length === 0) {
            await new Promise((woken) => {
              wake = woken;
            });
          }
          return heard.shift();
        },
      };
      peers.push(peer);
      scripts[Math.min(peers.length, scripts.length) - 1](peer);
    });
  });
  await new Promise((listening) => http.listen(0, "127.0.0.1", listening));
  close = () => {
    for (const { ws } of peers) {
      ws.terminate();
    }
    http.close();
  };
  return `ws://127.0.0.1:${http.address().port}`;
}

function register(peer, more = {}) {
  const data = { agent_id: "1", name: "a", heartbeat_interval_ms: 60_000, token_state: "valid", protocol: 1, epoch: 1 };
  peer.say({ subject: "agent.register.ack", data: { ...data, ...more }, timestamp: 1 });
}

const agent = (url, token = "ephemeral") =>
  new Agent({
    url,
    name: "a",
    token,
    tokenRoot: folder,
    backoff: new Backoff(10, 20),
    onState: (state) => states.push(state),
    onProblem: (what) => problems.push(what),
  });

async function eventually(holds) {
  for (let tries = 0; !holds(); tries++) {
    assert(tries < 1_000);
    await new Promise((later) => setTimeout(later, 10));
  }
}

test("the permanent token is kept for its owner alone and shown from then on", async () => {
  const url = await gateway((peer) => {
    register(peer, { token: "permanent" });
    peer.ws.close(1001);
  }, register);
  const old = process.umask(0);
  const client = agent(url);
  await client.start();
  await eventually(() => peers.length > 1);
  process.umask(old);
  client.close();
  const kept = join(folder, "a", "token");
  assert.equal(readFileSync(kept, "utf8"), "permanent\n");
  assert.equal(statSync(kept).mode & 0o777, 0o600);
  assert.equal(statSync(join(folder, "a")).mode & 0o777, 0o700);
  assert.deepEqual(
    peers.map((peer) => peer.token),
    ["ephemeral", "permanent"],
  );
  assert.equal(peers[0].query.get("nonce"), peers[1].query.get("nonce"));
});

test("the gateway may lie below a path", async () => {
  const url = await gateway(register);
  for (const path of ["", "/", "/fleet", "/fleet/", "/fleet/ws/agent", "/ws"]) {
    const client = agent(url + path);
    await client.start();
    client.close();
  }
  assert.deepEqual(
    peers.map((peer) => peer.path),
    ["/ws/agent", "/ws/agent", "/fleet/ws/agent", "/fleet/ws/agent", "/fleet/ws/agent", "/ws"],
  );
});

test("a refused token that was kept gives way to the one given", async () => {
  mkdirSync(join(folder, "a"));
  writeFileSync(join(folder, "a", "token"), "stale");
  refusals.push({ status: 401, code: "unauthorized", message: "No" });
  const client = agent(await gateway(register));
  await client.start();
  client.close();
  assert.equal(peers[0].token, "ephemeral");
});

test("without any token it says how to get one", async () => {
  await assert.rejects(new Agent({ url: "ws://127.0.0.1:1", name: "a", tokenRoot: folder }).start(), {
    message: /fairlead token create a/,
  });
});

test("what is refused for good ends it", async () => {
  for (const [status, code] of [
    [401, "unauthorized"],
    [403, "forbidden"],
  ]) {
    refusals.push({ status, code, message: "Not you" });
    await assert.rejects(agent(await gateway(register)).start(), { code, message: /Not you/ });
    close();
  }
});

test("an agent that was replaced does not come back", async () => {
  const client = agent(
    await gateway((peer) => {
      register(peer);
      peer.ws.close(4409);
    }),
  );
  await assert.rejects(client.run(), { code: "replaced", message: /took over/ });
  assert.equal(peers.length, 1);
});

test("a busy gateway is left alone for as long as it asks", async () => {
  refusals.push({ status: 429, code: "too_many_requests", message: "Later", retryAfter: 1 });
  const client = agent(await gateway(register));
  await client.start();
  client.close();
  assert.deepEqual(
    states.filter((state) => state.kind === "disconnected").map((state) => state.retryIn),
    [1_000],
  );
});

test("a message whose outcome is unknown is sent again with the same key", async () => {
  const sent = [];
  const url = await gateway(async (peer) => {
    register(peer);
    for (;;) {
      const { reply, data } = await peer.hear();
      sent.push(data);
      if (sent.length === 1) {
        peer.ws.close(1001); // it may have been stored
        return;
      }
      const unknown = { error: { code: "outcome_unknown", message: "may have been stored" } };
      peer.say({ subject: reply, data: sent.length === 2 ? unknown : { message_id: "m", status: "accepted" } });
    }
  });
  const client = agent(url);
  await client.start();
  assert.equal((await client.send("b", "note", { n: 1 })).message_id, "m");
  client.close();
  assert.equal(sent.length, 3);
  assert.equal(new Set(sent.map((data) => data.idempotency_key)).size, 1);
});

test("a message that is refused is not sent again", async () => {
  const url = await gateway(async (peer) => {
    register(peer);
    const { reply } = await peer.hear();
    peer.say({ subject: reply, data: { error: { code: "unknown_recipient", message: "No agent named 'b'" } } });
  });
  const client = agent(url);
  await client.start();
  await assert.rejects(client.send("b", "note", {}), { code: "unknown_recipient" });
  client.close();
});

test("a handler that throws has its message tried again", async () => {
  let told;
  const url = await gateway(async (peer) => {
    register(peer);
    const data = { message_id: "m", attempt: 2, from: "b", type: "t", payload: [1], correlation_id: null, sent_at: 0 };
    peer.say({ subject: "message.deliver", data: { ...data, redelivered: true } });
    told = await peer.hear();
  });
  const client = agent(url).onMessage(({ payload }) => {
    throw new Error(`cannot do ${payload}`);
  });
  await client.start();
  await eventually(() => told);
  client.close();
  assert.equal(told.subject, "message.fail");
  assert.deepEqual(told.data, { message_id: "m", attempt: 2, reason: "cannot do 1" });
});

test("an agent may not speak as the gateway", async () => {
  let refusal;
  const url = await gateway(async (peer) => {
    register(peer);
    peer.say({ subject: "token.state", reply: "inbox.1", data: { state: "refreshing" }, from: "mallory" });
    refusal = await peer.hear();
  });
  const client = agent(url);
  await client.start();
  await eventually(() => refusal);
  assert.equal(refusal.data.error.code, "reserved_subject");
  assert.equal(client.tokenState, "valid");
  client.close();
});

test("a stream goes on where it was", async () => {
  const url = await gateway(
    (peer) => {
      peer.say({ type: "snapshot", agents: [], epoch: "e", seq: 7 });
      peer.say({ type: "agent_removed", name: "x", epoch: "e", seq: 8 });
      setTimeout(() => peer.ws.terminate(), 50);
    },
    (peer) => peer.say({ type: "resumed", epoch: "e", seq: 8 }),
  );
  const types = [];
  for await (const frame of new Stream({ url: `${url}/ws/agents`, token: "t", backoff: new Backoff(10, 20) })) {
    types.push(frame.type);
    if (frame.type === "resumed") {
      break;
    }
  }
  assert.deepEqual(types, ["snapshot", "agent_removed", "resumed"]);
  assert.equal(peers[1].query.get("since"), "e:8");
  assert.equal(peers[1].token, "t");
});

test("a slow reader gets every frame, in order", async () => {
  const url = await gateway((peer) => {
    for (let seq = 0; seq < 1_000; seq++) {
      peer.say({ type: "tick", epoch: "e", seq });
    }
  });
  let expected = 0;
  for await (const frame of new Stream({ url })) {
    assert.equal(frame.seq, expected++);
    if (expected === 1_000) {
      break;
    }
    if (expected % 100 === 0) {
      await new Promise((later) => setTimeout(later, 5));
    }
  }
});

test("a stream of what is not there ends and says so", async () => {
  const url = await gateway((peer) => {
    peer.say({ type: "error", code: "instance_not_found", message: "No instance named 'x'", retryable: false });
    peer.ws.close(4404, "No instance named 'x'");
  });
  const stream = new Stream({ url });
  await assert.rejects(stream.start(), (failure) => failure instanceof FairleadError && failure.code === "not_found");
});

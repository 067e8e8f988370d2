// Against a gateway that is killed again and again from outside: nothing is lost, nothing is twice, streams go on.
//
//     trial.mjs URL FOLDER SENDER_TOKEN RECEIVER_TOKEN
//
// Makes FOLDER/ready, whenever it is not there, once much is under way; ends when there is FOLDER/stop.
// The instance `counter` prints numbers.
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, Backoff, Chat, FairleadError, Stream } from "@fairlead/client";

const SENDERS = 16;
const PROGRESS = 50;
const [, , url, folder, senderToken, receiverToken] = process.argv;
const lateness = setTimeout(() => assert.fail("The trial takes too long"), 300_000);
const quick = () => new Backoff(100, 1_000);
const stopping = () => existsSync(join(folder, "stop"));

let registrations = 0;
const agent = (name, token) =>
  new Agent({
    url,
    name,
    token,
    tokenRoot: join(folder, "tokens"),
    backoff: quick(),
    onState: (state) => {
      registrations += state.kind === "ready" ? 1 : 0;
    },
    onProblem: () => {},
  });

const accepted = new Map();
const received = new Map();
let deliveries = 0;
const sender = agent("typescript-sender", senderToken);
const receiver = agent("typescript-receiver", receiverToken)
  .onMessage(({ payload, messageId }) => {
    deliveries++;
    received.set(payload.n, (received.get(payload.n) ?? new Set()).add(messageId));
  })
  .onRequest("double", ({ data }) => data * 2);

let next = 0;
async function send() {
  while (!stopping()) {
    const n = next++;
    accepted.set(n, (await sender.send("typescript-receiver", "count", { n })).message_id);
    await sleep(5);
  }
}

const oneAnswer = async () => assert.equal(await sender.request("agents.typescript-receiver.double", 21, 5_000), 42);

let answers = 0;
async function ask() {
  while (!stopping()) {
    await unlessLost(oneAnswer).then((answered) => {
      answers += answered ? 1 : 0;
    });
    await sleep(100);
  }
}

async function talk() {
  const chat = new Chat({ url, backoff: quick() });
  while (!stopping()) {
    await unlessLost(() => chat.ask("/help")); // a turn that the kill interrupted ends as an error
    await sleep(100);
  }
  assert.match(await chat.ask("/help"), /\/instances/);
  chat.close();
}

async function unlessLost(work) {
  try {
    await work();
    return true;
  } catch (failure) {
    assert(failure instanceof FairleadError, failure);
    return false;
  }
}

const numbers = [];
async function followLog(log) {
  for await (const frame of log) {
    if (frame.type === "backlog" || frame.type === "lines") {
      numbers.push(...frame.lines.map(Number));
    }
  }
}

// Over a line that is cut whenever it stands: within an epoch there are no holes.
let resumed = 0;
async function followMessages(messages) {
  let at;
  for await (const { type, epoch, seq } of messages) {
    if (type === "snapshot") {
      at = { epoch, seq };
    } else if (type === "resumed") {
      resumed++;
    } else if (type === "message_event") {
      assert.deepEqual(at, { epoch, seq: seq - 1 });
      at = { epoch, seq };
    }
  }
}

// A line to the gateway that can be cut, without a close.
async function cutLine() {
  const { hostname, port } = new URL(url);
  const sockets = new Set();
  const server = net.createServer((near) => {
    const far = net.connect(Number(port), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      sockets.add(one);
      one.on("error", () => {});
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `ws://127.0.0.1:${server.address().port}`,
    cut: () => {
      for (const socket of sockets) {
        socket.destroy();
      }
    },
    close: () => server.close(),
  };
}

async function until(holds, what, seconds) {
  for (let tries = 0; !holds(); tries++) {
    assert(tries < seconds * 20, `Waited ${seconds} s for ${what}`);
    await sleep(50);
  }
}

const line = await cutLine();
await Promise.all([sender.start(), receiver.start()]);
const log = new Stream({ url: `${url}/ws/instances/counter/logs?backlog=0`, backoff: quick() });
const messages = new Stream({
  url: `${line.url}/ws/messages`,
  backoff: quick(),
  onState: ({ kind }) => kind === "ready" && setTimeout(line.cut, 300),
});
const followers = [followLog(log), followMessages(messages)];
let told = 0;
const progress = setInterval(() => {
  if (accepted.size - told >= PROGRESS && !existsSync(join(folder, "ready"))) {
    told = accepted.size;
    writeFileSync(join(folder, "ready"), "");
  }
}, 50);

await Promise.all([...Array.from({ length: SENDERS }, send), ask(), talk()]);
await until(() => received.size === accepted.size, "every message", 60);
await until(() => numbers.length > PROGRESS, "lines of the log", 30);
await until(() => resumed > 0, "a stream that resumes", 30);
await oneAnswer();
clearInterval(progress);
log.close();
messages.close();
await Promise.all(followers);
sender.close();
receiver.close();
line.close();
for (const [n, ids] of received) {
  assert.deepEqual([...ids], [accepted.get(n)], `message ${n} was stored more than once`);
}
assert.deepEqual(
  numbers,
  numbers.map((_, index) => numbers[0] + index),
  "lines of the log are lost or doubled",
);
clearTimeout(lateness);
console.log(
  `${accepted.size} messages, ${deliveries} deliveries, ${answers} answers, ${numbers.length} lines,`,
  `${registrations} registrations, ${resumed} resumed streams: all well`,
);

import assert from "node:assert/strict";
import { test } from "node:test";
import { createLog } from "./log.ts";

function captured() {
  const lines: string[] = [];
  return { lines, log: createLog({ write: (line) => void lines.push(line) }) };
}

test("secret fields are left out of the log", () => {
  const { lines, log } = captured();
  log.info({ client_secret: "hunter2", password: "hunter2", token: "hunter2", email: "dana@x", kept: 1 }, "x");
  assert.doesNotMatch(lines.join(), /hunter2|dana@/);
  assert.match(lines.join(), /"kept":1/);
});

test("an error is logged with its stack and causes, but without the rows that drivers hang on it", () => {
  const { lines, log } = captured();
  const cause = Object.assign(new Error("duplicate key"), { code: "23505", detail: "Key (email)=(dana@x) exists." });
  log.error({ err: new Error("outer", { cause }) }, "failed");
  const line = JSON.parse(lines.join());
  assert.match(line.err.stack, /log\.test\.ts/);
  assert.equal(line.err.cause.reason, "23505");
  assert.doesNotMatch(lines.join(), /dana@/);
});

test("the line of a request looks as all others do", () => {
  const { lines, log } = captured();
  const line = {
    requestId: "9d3f1c0a",
    method: "GET",
    route: "/verify",
    status: 401,
    ms: 0.4,
    error: 'a "b"\n\u007f\ud800é\\',
  };
  log.info(line, "request");
  log.request(line);
  log.request({ ...line, error: undefined });
  const [byPino = "", ours = "", granted = ""] = lines.map((text) => text.replace(/"time":"[^"]+"/, '"time":""'));
  assert.equal(ours, byPino);
  assert.equal("error" in JSON.parse(granted), false);
});

test("a log that is told to be quiet leaves out requests too", () => {
  const { lines, log } = captured();
  log.level = "error";
  log.request({ requestId: "9d3f1c0a", method: "GET", route: "/verify", status: 200, ms: 0.4, error: undefined });
  assert.deepEqual(lines, []);
});

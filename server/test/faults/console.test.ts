import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { untilTrue } from "../lab/scene.ts";

const REGIONS = fileURLToPath(new URL("../lab/regions.ts", import.meta.url));

/** `npm run regions`, with its input in our hands. */
function startConsole() {
  const child = spawn(process.execPath, [REGIONS], { stdio: ["pipe", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  return {
    child,
    output: () => output,
    says: (words: RegExp) => untilTrue(async () => words.test(output)),
    ended: once(child, "exit").then(([status]) => status as number | null),
  };
}

/** Whether anything of what the console said it listens at still does. */
async function isAnythingLeft(output: string): Promise<boolean> {
  const ports = [...output.matchAll(/(?:http|postgres):\/\/[\w@.]*:(\d+)/g)].map(([, port]) => Number(port));
  assert.ok(ports.length >= 6);
  const listening = await Promise.all(
    ports.map(async (port) => {
      const socket = connect(port, "127.0.0.1");
      const isThere = await once(socket, "connect").then(
        () => true,
        () => false,
      );
      socket.destroy();
      return isThere;
    }),
  );
  return listening.includes(true);
}

test("the console obeys the lines it is given, shows what they did, and leaves nothing behind", async (t) => {
  const lab = startConsole();
  t.after(() => lab.child.kill("SIGKILL"));
  lab.child.stdin.end("help\nstatus\ncut eu\nkill 2\nstatus\nmend all\nsell EU\nquit\n");
  assert.equal(await lab.ended, 0);
  const [before = "", after = ""] = lab.output().split("EU is cut.");
  assert.match(before, /dana@acme\.example\.com/);
  assert.equal(before.match(/ up {2,}login \d+ ms/g)?.length, 6);
  assert.match(after, /Server 2: killed/);
  assert.match(after, /EU .* down {2,}login 503/);
  assert.equal(after.match(/ up {2,}login \d+ ms/g)?.length, 2);
  assert.match(after, /There is no command sell/);
  assert.equal(await isAnythingLeft(lab.output()), false);
});

for (const signal of ["SIGINT", "SIGKILL"] as const)
  test(`a console that ends by ${signal} leaves no server behind`, async (t) => {
    const lab = startConsole();
    t.after(() => lab.child.kill("SIGKILL"));
    await lab.says(/regions> $/);
    lab.child.kill(signal);
    await lab.ended;
    await untilTrue(async () => !(await isAnythingLeft(lab.output())));
  });

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { layCable } from "./cable.ts";

async function openEcho() {
  const server = createServer((socket) => socket.pipe(socket).on("error", () => {}));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port was given.");
  return { port: address.port, close: () => server.close() };
}

async function ask(socket: Socket, question: string): Promise<string> {
  socket.write(question);
  const [answer] = await once(socket, "data");
  return String(answer);
}

test("a question and its answer take as long as the cable is, and bytes never overtake each other when it gets shorter", async (t) => {
  const echo = await openEcho();
  const cable = await layCable(echo.port, 60);
  const socket = connect(cable.port, "127.0.0.1").setNoDelay(true);
  t.after(async () => {
    socket.destroy();
    await cable.close();
    echo.close();
  });
  await ask(socket, "first");
  const startedAt = performance.now();
  assert.equal(await ask(socket, "how far?"), "how far?");
  assert.ok(performance.now() - startedAt >= 59);

  let received = "";
  socket.on("data", (bytes) => (received += bytes));
  let sent = "";
  for (let number = 0; number < 200; number++) {
    cable.setRoundTrip([40, 0, 7][number % 3] ?? 0);
    sent += `${number} `;
    socket.write(`${number} `);
    await delay(number % 2);
  }
  while (received.length < sent.length) await delay(5);
  assert.equal(received, sent);
});

test("a muted cable passes questions and no answer, and a cut one ends every connection", async (t) => {
  const echo = await openEcho();
  const cable = await layCable(echo.port);
  const socket = connect(cable.port, "127.0.0.1").on("error", () => {});
  t.after(async () => {
    await cable.close();
    echo.close();
  });
  assert.equal(await ask(socket, "there?"), "there?");
  cable.mute();
  let heard = "";
  socket.on("data", (bytes) => (heard += bytes));
  socket.write("unheard");
  await delay(50);
  cable.cut();
  await once(socket, "close");
  assert.equal(heard, "");
  const refused = connect(cable.port, "127.0.0.1").on("error", () => {});
  await once(refused, "close");
  cable.mend();
  const again = connect(cable.port, "127.0.0.1");
  assert.equal(await ask(again, "back?"), "back?");
});

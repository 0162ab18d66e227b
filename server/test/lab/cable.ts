import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A TCP connection's way from here to a server, which can be long, slow or cut. */
export interface Cable {
  port: number;
  /** Ends every connection and refuses new ones. */
  cut(): void;
  /** Lets questions through but no answer back. */
  mute(): void;
  /** Lets everything through again; connections that were cut stay so. */
  mend(): void;
  /** From now on a question and its answer take this much longer than here. */
  setRoundTrip(milliseconds: number): void;
  close(): Promise<void>;
}

/** @param roundTrip in milliseconds, half of it in each direction. */
export async function layCable(port: number, roundTrip = 0): Promise<Cable> {
  const sockets = new Set<Socket>();
  let state: "whole" | "cut" | "muted" = "whole";
  let oneWay = roundTrip / 2;
  const server = createServer((near) => {
    if (state === "cut") return near.destroy();
    const far = connect(port, "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      const travel = inOrder(from === near ? oneWay * 2 : 0); // the handshake goes there and back first
      sockets.add(from);
      from.setNoDelay(true);
      from.on("data", (bytes) => {
        if (state === "whole" || (state === "muted" && from === near)) travel(oneWay, () => to.write(bytes));
      });
      from.on("error", () => {});
      from.on("close", () => {
        sockets.delete(from);
        travel(oneWay, () => to.destroy());
      });
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port was given.");
  const end = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: address.port,
    cut() {
      state = "cut";
      end();
    },
    mute() {
      state = "muted";
    },
    mend() {
      state = "whole";
    },
    setRoundTrip(milliseconds) {
      oneWay = milliseconds / 2;
    },
    async close() {
      end();
      server.close();
      await once(server, "close");
    },
  };
}

/** Runs each step when its time has come, and never before the one before it: bytes do not overtake each other. */
function inOrder(firstAfter: number) {
  const steps: { due: number; arrive(): unknown }[] = [];
  let free = performance.now() + firstAfter;
  let timer: NodeJS.Timeout | undefined;

  // One timer for the first of them: of two timers the later one may be the first to fire.
  function arriveDue(): void {
    timer = undefined;
    while (steps[0] && steps[0].due <= performance.now()) steps.shift()?.arrive();
    if (steps[0]) timer = setTimeout(arriveDue, Math.max(0, steps[0].due - performance.now()));
  }

  return function travel(milliseconds: number, arrive: () => unknown): void {
    free = Math.max(free, performance.now() + milliseconds);
    steps.push({ due: free, arrive });
    if (timer === undefined) arriveDue();
  };
}

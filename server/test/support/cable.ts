import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A TCP connection's way from here to a server, which can be cut. */
export interface Cable {
  port: number;
  /** Ends every connection and refuses new ones. */
  cut(): void;
  /** Lets questions through but no answer back. */
  mute(): void;
  /** Lets everything through again; connections that were cut stay so. */
  mend(): void;
  close(): Promise<void>;
}

export async function layCable(port: number): Promise<Cable> {
  const sockets = new Set<Socket>();
  let state: "whole" | "cut" | "muted" = "whole";
  const server = createServer((near) => {
    if (state === "cut") return near.destroy();
    const far = connect(port, "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on("data", (bytes) => {
        if (state === "whole" || (state === "muted" && from === near)) to.write(bytes);
      });
      from.on("error", () => {});
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
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
    async close() {
      end();
      server.close();
      await once(server, "close");
    },
  };
}

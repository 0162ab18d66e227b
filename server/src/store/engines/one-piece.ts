import type pg from "pg";

/**
 * Sends what `send` queries as one write to the socket. Each query would be a write of its own, and a write costs more than
 * all else that a batch does here.
 */
export function inOnePiece<T>({ connection }: pg.ClientBase & { connection?: pg.Connection }, send: () => T): T {
  connection?.stream.cork();
  try {
    return send();
  } finally {
    connection?.stream.uncork();
  }
}

const gathering = new WeakSet<pg.ClientBase>();

/** From now until the end of this turn of the event loop what `client` is asked waits, to leave as one write. */
export function gatherForThisTurn(client: pg.ClientBase & { connection?: pg.Connection }): void {
  if (!client.connection || gathering.has(client)) return;
  const { stream } = client.connection;
  gathering.add(client);
  stream.cork();
  setImmediate(() => {
    gathering.delete(client);
    stream.uncork();
  });
}

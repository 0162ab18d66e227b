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

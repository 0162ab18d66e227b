import cluster from "node:cluster";
import { type DestinationStream, type Logger, pino } from "pino";

/** What the line of one request tells. The route's pattern, not the path: paths and queries hold codes, links and e-mails. */
export interface RequestLine {
  requestId: string;
  method: string;
  route: string;
  status: number;
  ms: number;
  /** Why it was refused, for developers. */
  error: string | undefined;
}

export type Log = Logger & {
  /** The one line that every request leaves, written a shorter way: by pino's own it is a fifteenth of a check. */
  request(line: RequestLine): void;
};

/** Fields of a line that never reach the log, whoever writes them. Rules say so too; this is the net below. */
const SECRET_FIELDS = [
  "access_token",
  "authorization",
  "client_secret",
  "clientSecret",
  "code",
  "code_verifier",
  "cookie",
  "email",
  "password",
  "refresh_token",
  "secret",
  "token",
];

/**
 * The log: one JSON object a line. It holds ids and reasons, and nothing personal or secret: no addresses of clients,
 * no e-mails, no queries.
 *
 * @param destination standard output when absent.
 */
export function createLog(destination: DestinationStream = standardOutput()): Log {
  const log = pino(
    {
      base: { pid: process.pid },
      timestamp,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_FIELDS, remove: true }, // no wildcards: they cost 10 us a line
      serializers: { err: describeError },
    },
    destination,
  );
  const { pid } = process;
  const request = (line: RequestLine) => {
    if (!log.isLevelEnabled("info")) return;
    const fields = JSON.stringify(line).slice(1, -1);
    destination.write(`{"level":"info"${timestamp()},"pid":${pid},${fields},"msg":"request"}\n`);
  };
  return Object.assign(log, { request });
}

/** What workers write at once into the pipe they share must be less than its 4 KiB, or their lines would mix (POSIX `PIPE_BUF`). */
const BLOCK_BYTES = cluster.isWorker ? 3 * 1024 : 12 * 1024;

/** Lines are written together: one by one they cost a tenth of an exchange. A kill -9 loses the last of them. */
function standardOutput(): DestinationStream {
  const output = pino.destination({ fd: 1, sync: true, minLength: BLOCK_BYTES, periodicFlush: 100 });
  process.once("exit", () => {
    try {
      output.flush(); // finds out whether anybody reads any more: flushSync alone would try for ever
      output.flushSync();
    } catch {
      // whoever read the log has gone first
    }
  });
  return output;
}

let millisecond = 0;
let written = "";

/** Under load many lines share a millisecond, and its text. */
function timestamp(): string {
  const now = Date.now();
  if (now !== millisecond) {
    millisecond = now;
    written = `,"time":"${new Date(now).toISOString()}"`;
  }
  return written;
}

/**
 * An error's name, message and stack, and those of its causes. Drivers hang more on their errors (`detail`,
 * `parameters`, `where`), and there whole rows can be read.
 */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    type: error.name,
    message: error.message,
    ...("code" in error && { reason: error.code }),
    stack: error.stack,
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
}

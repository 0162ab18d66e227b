import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A secret that outlives restarts without anybody having chosen it: 32 random bytes, base64url, in a file that only
 * its owner can read. Outside production only.
 *
 * @throws the error of the file system when the directory cannot be written to.
 */
export function generatedSecret(dataDirectory: string, fileName: string): string {
  const file = join(dataDirectory, fileName);
  const known = readIfThere(file);
  if (known !== undefined) return known;
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  // Written aside and linked into place, so that of two processes that start at once both end with the same whole one.
  const fresh = `${file}.${process.pid}.new`;
  writeFileSync(fresh, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600 });
  try {
    linkSync(fresh, file);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  } finally {
    rmSync(fresh, { force: true });
  }
  return readFileSync(file, "utf8").trim();
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

const hasCode = (error: unknown, code: string) => error instanceof Error && "code" in error && error.code === code;

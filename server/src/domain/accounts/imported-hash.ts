/** argon2id as PHC string, version 1.3, parameters in the order of the reference implementation. */
const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z\d+/]{11,86})\$([A-Za-z\d+/]{22,86})$/;

/** What one login may cost us: 256 MiB at once, and as much work as four passes over that. */
const MEMORY_KIB_MAX = 262_144;
const WORK_MAX = 4 * MEMORY_KIB_MAX;
const LANES_MAX = 16;

export const IMPORTED_HASH_PROBLEM =
  "Give an argon2id hash in PHC format ($argon2id$v=19$m=…,t=…,p=…$salt$hash), of at most 256 MiB and moderate cost.";

/** Whether a password's hash made elsewhere can be checked here at a bearable cost. */
export function isAcceptableHash(text: string): boolean {
  const [, m, t, p] = PHC.exec(text) ?? [];
  const [memory, passes, lanes] = [Number(m), Number(t), Number(p)];
  return (
    lanes >= 1 &&
    lanes <= LANES_MAX &&
    passes >= 1 &&
    memory >= 8 * lanes && // RFC 9106 §3.1
    memory <= MEMORY_KIB_MAX &&
    memory * passes <= WORK_MAX
  );
}

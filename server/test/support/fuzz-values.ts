import fc from "fast-check";

/** Fuzzing is repeated by its seed, which every such test prints. */
export const SEED = Number(process.env.LATCHKEY_TEST_SEED ?? Date.now() % 2 ** 31);

/** What is special somewhere. */
export const WORDS = `0 1 -1 1e999 9007199254740993 true null on none __proto__ constructor web extension cli public
  confidential developer viewer owner admin exchange expire revoke redirect popup deny values submit withdraw approve
  suspend resume development live submitted US EU US-1 permanent expiring 24h 30d day hour ok error 2026-11-25
  https://app.example.com/callback javascript:alert(1) http://127.0.0.1/callback myapp://callback
  chrome-extension://abcdefghijklmnopabcdefghijklmnop/ name@example.com openid profile`.split(/\s+/);

/** What somebody could type or send: often one of `real`, so that a random request gets past the first check now and then. */
export const textOr = (real: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...real) },
    { weight: 2, arbitrary: fc.string({ maxLength: 40 }) },
    { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
    { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 3_000, size: "max" }) },
  );

/** One of these names, and now and then another one. */
export const nameAmong = (names: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: fc.string({ maxLength: 12 }) });

const encode = fc.constantFrom(
  (one: string) => encodeURIComponent(one.toWellFormed()),
  (one: string) => escape(one), // %u0041 and Latin-1 bytes
  (one: string) => one.toWellFormed().replace(/[\s#&]/gu, "_"), // as it is
);

/** A query or a form body, encoded in one way or another. */
export const pairsOf = (name: fc.Arbitrary<string>, text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(name, text, encode), { maxLength: 8 })
    .map((list) => list.map(([key, value, how]) => `${how(key)}=${how(value)}`).join("&"));

/** A path of that pattern (`/apps/:client`) with something for each parameter. */
export const pathOf = (pattern: string, text: fc.Arbitrary<string>): fc.Arbitrary<string> => {
  const parts = pattern.split(/:\w+(?:\{[^}]*\})?/);
  return fc
    .array(
      text.map((one) => encodeURIComponent(one.toWellFormed())),
      { minLength: parts.length - 1, maxLength: parts.length - 1 },
    )
    .map((values) => parts.map((part, index) => part + (values[index] ?? "")).join(""));
};

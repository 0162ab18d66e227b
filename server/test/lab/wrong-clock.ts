/** Preloaded into a server whose machine's clock is wrong by `WRONG_CLOCK_SECONDS`. Its databases have clocks of their own. */
const shift = Number(process.env.WRONG_CLOCK_SECONDS) * 1_000;
const rightNow = Date.now;
const wrongNow = () => rightNow() + shift;

globalThis.Date = new Proxy(Date, {
  construct: (RightDate, given) => Reflect.construct(RightDate, given.length === 0 ? [wrongNow()] : given),
  get: (RightDate, name) => (name === "now" ? wrongNow : Reflect.get(RightDate, name)),
});

export {};

/** Who reads what an address answers. Addresses that nobody knows count as people's. */
export type Reader = "people" | "programs" | "operator";

const PROGRAMS =
  /^\/(?:launchpad\/v1|oauth2(?!\/authorize$)|\.well-known|health|metrics|verify|revocations|sandbox|demo(?!\/app(?:\/|$)))(?:\/|$)/;
const OPERATOR = /^\/admin(?:\/|$)/;

export const readerOf = (path: string): Reader =>
  PROGRAMS.test(path) ? "programs" : OPERATOR.test(path) ? "operator" : "people";

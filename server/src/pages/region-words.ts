const PLACES: Readonly<Record<string, string>> = {
  US: "the United States",
  EU: "the European Union",
  UK: "the United Kingdom",
  GB: "the United Kingdom",
  NL: "the Netherlands",
};
const NAMES = new Intl.DisplayNames("en", { type: "region", fallback: "none" });

/** A region's place as a sentence says it, where its name is that of a place: `EU` is "the European Union". */
export function placeOf(region: string): string {
  const known = PLACES[region];
  if (known !== undefined) return known;
  return (/^[A-Z]{2}$/.test(region) && NAMES.of(region)) || `region ${region}`;
}

/** A region as somebody chooses it who has never heard of regions. */
export const regionChoice = (region: string) => ({
  value: region,
  label: placeOf(region).replace(/^the /, "").replace(/^r/, "R"),
  hint: `Your account is stored in ${placeOf(region)}, and nowhere else.`,
});

/**
 * A table as RFC 4180 has it. A cell that a spreadsheet would take for a formula is kept from being one: names of apps
 * and installations are chosen by strangers.
 */
export const csvOf = (rows: readonly (readonly string[])[]): string =>
  rows.map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");

const cell = (text: string): string => `"${(/^\s*[=+\-@]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;

/** What both engines need to know of one SQL text before they run it. */
export interface ParsedStatement {
  /** The text with `?1` for `$1`: SQLite reads `$1` as a name, PostgreSQL reads `?` as an operator. */
  questionMarks: string;
  parameterCount: number;
}

/** Literals, quoted names and comments are read over; parameters are captured; what else could be mistaken is one character. */
const TOKENS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\d+)|[$?;'"]/g;

/**
 * Reads the `$1`-style parameters of one statement.
 *
 * @throws {Error} for `?`, another `$`, a `;` (SQLite would run the first statement and forget the rest), an open quote,
 *   or a gap in the numbers (SQLite would fill it with NULL).
 */
export function parseStatement(sql: string): ParsedStatement {
  const numbers = new Set<number>();
  const questionMarks = sql.replace(TOKENS, (token: string, digits: string | undefined) => {
    if (digits !== undefined) {
      numbers.add(Number(digits));
      return `?${digits}`;
    }
    if (token.length === 1) throw new Error(`A statement may not hold ${token} here: ${sql}`);
    return token;
  });
  for (let n = 1; n <= numbers.size; n++) if (!numbers.has(n)) throw new Error(`$${n} is missing in: ${sql}`);
  return { questionMarks, parameterCount: numbers.size };
}

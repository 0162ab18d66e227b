/**
 * Texts as literals of the languages that snippets are written in. A redirect URI is its developer's own and may hold
 * quotes, `$( )`, backticks or `</script>`: whoever pastes the snippet must get that text, and nothing else must happen.
 */

/** A word of bash or any other POSIX shell. */
export const shell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** JavaScript, also inside a page's `<script>`. */
export const js = (text: string): string => JSON.stringify(text).replaceAll("<", "\\u003c");

/** Python reads the escapes that JSON has, and those are all there are. */
export const python = (text: string): string => JSON.stringify(text);

/** Go too. */
export const go = (text: string): string => JSON.stringify(text);

export const php = (text: string): string => `'${text.replace(/[\\']/g, "\\$&")}'`;

import { pictureProblem } from "../web-addresses.ts";

/** It stands in each page that shows the app, and in every server's memory. */
export const ICON_LENGTH_MAX = 8_192;

/** What each kind of picture begins with. SVG is none of them: it is a document. */
const BEGINNINGS: Readonly<Record<string, (bytes: Buffer) => boolean>> = {
  png: (bytes) => bytes.subarray(0, 8).equals(Buffer.from("\x89PNG\r\n\x1a\n", "latin1")),
  jpeg: (bytes) => bytes.subarray(0, 3).equals(Buffer.from("\xff\xd8\xff", "latin1")),
  webp: (bytes) => bytes.toString("latin1", 0, 4) === "RIFF" && bytes.toString("latin1", 8, 12) === "WEBP",
};

/**
 * Why a text may not be an app's icon, or `undefined`. It is the picture itself (`data:image/png;base64,…`), which our pages
 * show; or the address of one, which they do not load; or empty.
 */
export function iconProblem(text: string): string | undefined {
  if (!/^data:/i.test(text)) return pictureProblem(text);
  const [, type = "", encoded = ""] = /^data:image\/([a-z]+);base64,([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const begins = Object.hasOwn(BEGINNINGS, type) ? BEGINNINGS[type] : undefined;
  if (!begins?.(Buffer.from(encoded, "base64"))) return "Give a PNG, JPEG or WebP picture.";
  return text.length > ICON_LENGTH_MAX ? "The picture is too large: at most 6 KB." : undefined;
}

import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inflate } from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

const INSTALLED = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Besides what Playwright gives: quiet, and without what a page of ours could never need. */
const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic"];

/**
 * Chromium: the machine's own, else the one that came with the packages. `LATCHKEY_TEST_CHROMIUM` is the path of
 * another one, or `npm` for the packages' own in any case.
 */
export async function openBrowser(): Promise<Browser> {
  const wanted = process.env.LATCHKEY_TEST_CHROMIUM;
  const path = wanted === "npm" ? undefined : (wanted ?? INSTALLED.find((path) => existsSync(path)));
  // The packages' own arguments would switch off the same-origin policy, which is half of what is tested.
  return chromium.launch({ args: ARGUMENTS, ...(path === undefined ? await unpacked() : { executablePath: path }) });
}

const PACKAGE = fileURLToPath(new URL("..", import.meta.resolve("@sparticuz/chromium")));
const CACHE = join(import.meta.dirname, "../../../node_modules/.cache");

/** Unpacks the browser once for this checkout, with the few libraries that a bare machine may lack. */
async function unpacked(): Promise<{ executablePath: string; env: Record<string, string> }> {
  const { version } = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8"));
  const place = join(CACHE, `chromium-${version}`);
  if (!existsSync(place)) await unpackTo(place);
  const libraries = [join(place, "al2023/lib"), process.env.LD_LIBRARY_PATH].filter(Boolean).join(":");
  return {
    executablePath: join(place, "chromium"),
    env: { ...definedOf(process.env), LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: join(place, "fonts.conf") },
  };
}

/** Test files do this at once: each in a directory of its own, and the first to be done wins. */
async function unpackTo(place: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const directory = mkdtempSync(`${place}-`);
  const temporary = process.env.TMPDIR;
  process.env.TMPDIR = directory; // where the package unpacks to, whatever one says
  try {
    for (const file of ["chromium.br", "fonts.tar.br", "al2023.tar.br"]) await inflate(join(PACKAGE, "bin", file));
  } finally {
    if (temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = temporary;
  }
  writeFileSync(join(directory, "fonts.conf"), fontsConfig(join(place, "fonts")));
  try {
    renameSync(directory, place);
  } catch {
    rmSync(directory, { recursive: true });
  }
}

const fontsConfig = (directory: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<dir>/usr/share/fonts</dir>
<dir>${directory}</dir>
<cachedir>${directory}-cache</cachedir>
</fontconfig>
`;

const definedOf = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));

import { readdirSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Every SQL text of the store: the constants at the top of its files, as JavaScript puts them together. */
export interface FoundStatement {
  file: string;
  /** The constant's; of several texts in one constant, with a number. */
  name: string;
  sql: string;
  kinds: readonly Kind[];
}

type Kind = "directory" | "region";

const STORE = fileURLToPath(new URL("../../src/store/", import.meta.url));
export const VERB = "(?:SELECT|INSERT|UPDATE|DELETE|WITH)";
export const CONSTANT = /^(?:export )?const ([A-Z][A-Z0-9_]*)\b[^=]*=[\s\S]*?;$/gm;

export const sources = ["directory", "region", ""].flatMap((room) =>
  readdirSync(STORE + room)
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => ({ file: room ? `${room}/${file}` : file, room })),
);
export const textOf = (file: string) => readFileSync(STORE + file, "utf8");

// Loads each file once more with its constants exported, so that JavaScript itself puts their texts together.
registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.endsWith("?constants")) return loaded;
    const names = [...String(loaded.source).matchAll(CONSTANT)].map(([, name]) => name);
    return { ...loaded, source: `${loaded.source}\nexport const constants = { ${names.join(", ")} };` };
  },
});

async function statementsOf({ file, room }: { file: string; room: string }): Promise<FoundStatement[]> {
  const { constants } = await import(`${pathToFileURL(STORE + file)}?constants`);
  const kinds: Kind[] = room === "" ? ["directory", "region"] : [room as Kind];
  return Object.entries(constants).flatMap(([name, value]) =>
    textsIn(value)
      .filter((text) => new RegExp(`^\\s*${VERB}\\b`).test(text))
      .map((sql, index) => ({ file, name: index === 0 ? name : `${name} ${index + 1}`, sql, kinds })),
  );
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(textsIn);
  return [];
}

export const found = (await Promise.all(sources.map(statementsOf))).flat();

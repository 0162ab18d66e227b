import { readFileSync } from "node:fs";

/** What is wrong with the settings, all of it. `main.ts` prints the message and exits with status 2. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`Latchkey cannot start with these settings:\n${problems.map((problem) => `- ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}

/** The environment, read setting by setting. Names only ever appear in messages, values never. */
export interface Settings {
  readonly problems: string[];
  readonly warnings: string[];
  /** The value, or `undefined` when it is not set or empty, as `NAME=` in an environment file is. */
  text(name: string): string | undefined;
  /** A secret: its value, or the content of the file that `NAME_FILE` names. */
  secret(name: string): string | undefined;
  /** One of a few words. A wrong one is a problem and counts as the default. */
  choice<T extends string>(name: string, words: readonly T[], byDefault: T): T;
  /** Warns of every `LATCHKEY_` variable that nobody has asked for: mostly typing errors. */
  warnOfUnknown(): void;
}

export function openSettings(env: NodeJS.ProcessEnv): Settings {
  const known = new Set<string>();
  const problems: string[] = [];
  const warnings: string[] = [];

  const text = (name: string) => {
    known.add(name);
    return env[name]?.trim() || undefined;
  };

  return {
    problems,
    warnings,
    text,
    secret(name) {
      const value = text(name);
      const file = text(`${name}_FILE`);
      if (file === undefined) return value;
      if (value !== undefined) {
        problems.push(`${name} and ${name}_FILE are both set: choose one.`);
        return value;
      }
      return readSecretFile(`${name}_FILE`, file, problems);
    },
    choice(name, words, byDefault) {
      const value = text(name);
      const word = words.find((candidate) => candidate === value);
      if (value !== undefined && word === undefined) problems.push(`${name} must be ${words.join(" or ")}.`);
      return word ?? byDefault;
    },
    warnOfUnknown() {
      for (const name of Object.keys(env).sort())
        if (name.startsWith("LATCHKEY_") && !known.has(name)) warnings.push(`${name} is not a setting and is ignored.`);
    },
  };
}

function readSecretFile(name: string, file: string, problems: string[]): string | undefined {
  try {
    const content = readFileSync(file, "utf8").trim();
    if (content === "") problems.push(`${name} names an empty file.`);
    return content || undefined;
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    problems.push(`${name} names a file that cannot be read (${reason}).`);
    return undefined;
  }
}

import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { Deps } from "../../deps.ts";

const World = z.object({
  /** `LATCHKEY_URL`. */
  url: z.string(),
  apps: z.tuple([
    z.object({ name: z.string(), clientId: z.string(), clientSecret: z.string(), redirectUris: z.array(z.string()) }),
  ]),
  /** `installations`: `REGION-ID`, as below. */
  users: z.array(
    z.object({ name: z.string(), email: z.string(), password: z.string(), installations: z.array(z.string()) }),
  ),
  installations: z.array(z.object({ installation: z.string(), name: z.string(), apiEndPoint: z.string() })),
});

/** What `LATCHKEY_DATA/demo.json` tells a developer, or a program that tries the server (wire section 9). */
export type DemoWorld = z.infer<typeof World>;

export type DemoCredential = Pick<DemoWorld["apps"][0], "clientId" | "clientSecret">;

/** The only place where the demo app's secret is: databases keep its hash. */
export const demoFile = ({ config }: Pick<Deps, "config">): string => join(config.dataDirectory, "demo.json");

/** `undefined` when the file is lost, or somebody edited it into something else. */
export async function readDemoFile(deps: Pick<Deps, "config">): Promise<DemoWorld | undefined> {
  try {
    return World.parse(JSON.parse(await readFile(demoFile(deps), "utf8")));
  } catch {
    return undefined;
  }
}

/** For its owner only, and whole at any moment, whoever reads it meanwhile. One member a line, so that a shell can read it. */
export async function writeDemoFile(deps: Pick<Deps, "config">, world: DemoWorld): Promise<void> {
  const file = demoFile(deps);
  const draft = `${file}.${process.pid}.new`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(draft, `${JSON.stringify(world, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Deps } from "../../deps.ts";
import type { DemoWorld } from "./demo-world.ts";

export type DemoCredential = Pick<DemoWorld["apps"][0], "clientId" | "clientSecret">;

/** The only place where the demo app's secret is: databases keep its hash. */
export const demoFile = ({ config }: Pick<Deps, "config">): string => join(config.dataDirectory, "demo.json");

/** `undefined` when the file is lost, or somebody edited it into something else. */
export async function readDemoFile(deps: Pick<Deps, "config">): Promise<DemoWorld | undefined> {
  try {
    const { demoWorld } = await import("./demo-world.ts"); // only here: its schemas weigh on a server without a demo
    return demoWorld.parse(JSON.parse(await readFile(demoFile(deps), "utf8")));
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

import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { type Cable, layCable } from "../lab/cable.ts";
import type { Engine, House, HouseOptions } from "./house.ts";
import { startPostgres, type TestPostgres } from "./postgres.ts";
import { layTemplate } from "./template.ts";

/** Databases of a house that can be lost, whichever the engine. */
export interface FailingPlace {
  engine: Engine;
  /** For `openHouse`; a second house with the same finds the same rows. */
  options: HouseOptions;
  /** Loses a database (`directory`, `US`, `EU`) for a house that runs. */
  lose(house: House, name: string): Promise<void>;
  /** A database across a network, past its cable. */
  direct?: Readonly<Record<string, string>>;
  /** Of a database across a network: it hears, and answers nothing any more. */
  silence?(name: string): void;
  /** Mends what was lost or silenced; connections of before are gone. */
  restore?(name: string): void;
  /** Loses the directory for houses that start, and gives it back. */
  hideDirectory(): void;
  showDirectory(): void;
}

/** The places of a test file, which end with it, after the houses of its tests. To be called outside of tests. */
export async function startFailingPlaces() {
  const postgres = await startPostgres();
  after(() => postgres.stop());
  const data = mkdtempSync(join(tmpdir(), "latchkey-failing-"));
  after(() => rmSync(data, { recursive: true, force: true }));
  return (engine: Engine) => (engine === "sqlite" ? inFiles(mkdtempSync(join(data, "house-"))) : atCables(postgres));
}

/** A database in a file is lost when the process cannot use it any more. */
async function inFiles(data: string): Promise<FailingPlace> {
  await layTemplate(data);
  const [file, hidden] = [join(data, "directory.db"), join(data, "hidden")];
  const move = (from: string, to: string) => {
    for (const end of ["", "-wal", "-shm"]) if (existsSync(from + end)) renameSync(from + end, to + end);
  };
  return {
    engine: "sqlite",
    options: { engine: "sqlite", settings: { LATCHKEY_DATA: data } },
    async lose({ deps }, name) {
      await (name === "directory" ? deps.directory : deps.regions.require(name).store).db.close();
    },
    hideDirectory() {
      move(file, hidden);
      mkdirSync(file);
    },
    showDirectory() {
      rmSync(file, { recursive: true });
      move(hidden, file);
    },
  };
}

async function atCables(server: TestPostgres): Promise<FailingPlace> {
  const cables = new Map<string, Cable>();
  const urls = new Map<string, string>();
  const direct: Record<string, string> = {};
  for (const name of ["directory", "US", "EU"]) {
    const url = new URL(await server.createDatabase());
    direct[name] = url.href;
    const cable = await layCable(Number(url.port));
    after(() => cable.close());
    url.port = String(cable.port);
    cables.set(name, cable);
    urls.set(name, url.href);
  }
  return {
    engine: "postgres",
    options: {
      settings: {
        LATCHKEY_DIRECTORY: urls.get("directory") ?? "",
        LATCHKEY_REGIONS: `US=${urls.get("US")},EU=${urls.get("EU")}`,
      },
    },
    direct,
    async lose(_, name) {
      cables.get(name)?.cut();
    },
    silence: (name) => cables.get(name)?.mute(),
    restore(name) {
      cables.get(name)?.cut();
      cables.get(name)?.mend();
    },
    hideDirectory: () => cables.get("directory")?.cut(),
    showDirectory: () => cables.get("directory")?.mend(),
  };
}

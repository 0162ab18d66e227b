import type { Deps } from "../../deps.ts";
import type { FoundInstallation, FoundUser } from "../../store/region/lookups.ts";
import { auditEntry } from "../audit.ts";
import { accountIdOf } from "../moving/moves.ts";
import type { Region } from "../regions/regions.ts";

export type { FoundInstallation, FoundUser } from "../../store/region/lookups.ts";

export interface Found {
  installations: readonly FoundInstallation[];
  users: readonly FoundUser[];
  /** There may be more of them. */
  cut: boolean;
}

/** How a text is understood: an e-mail, an id, or the beginning of a name. */
export type Wanted = { by: "email" | "name"; text: string } | { by: "id"; id: number };

const LETTERS_MIN = 3;
const LENGTH_MAX = 254;
const ID_MAX = 2 ** 31 - 1;
const SHOWN = 50;

/** What an operator means by a text, or a sentence why nothing can be looked for by it. */
export function readWanted(region: Region, text: string): Wanted | { problem: string } {
  const typed = text.trim().replace(new RegExp(`^${region.name}-(?=\\d)`), "");
  if (typed.length > LENGTH_MAX) return { problem: `At most ${LENGTH_MAX} characters.` };
  if (/^\d+$/.test(typed)) {
    const id = Number(typed);
    return id >= 1 && id <= ID_MAX ? { by: "id", id } : { problem: "No id is that large." };
  }
  if (typed.includes("@")) return { by: "email", text: typed };
  return [...typed].length >= LETTERS_MIN
    ? { by: "name", text: typed }
    : { problem: `Type an e-mail, an id, or at least ${LETTERS_MIN} letters of a name.` };
}

/**
 * What there is of it in this region, and in no other. An e-mail is found by its account, whose users here are told,
 * wherever the account lives.
 *
 * @throws {DatabaseUnavailable} the region, or for an e-mail the directory, does not answer.
 */
export async function searchRegion(deps: Deps, region: Region, wanted: Wanted): Promise<Found> {
  const { lookups, installations } = region.store;
  const found = (some: readonly FoundInstallation[], users: readonly FoundUser[]): Found => ({
    installations: some.slice(0, SHOWN),
    users: users.slice(0, SHOWN),
    cut: some.length > SHOWN || users.length > SHOWN,
  });
  switch (wanted.by) {
    case "id": {
      const [installation, users] = await Promise.all([
        installations.find(wanted.id),
        lookups.usersOfId(wanted.id, SHOWN + 1),
      ]);
      return found(installation ? [installation] : [], users);
    }
    case "email": {
      const accountId = await accountIdOf(deps, wanted.text);
      return found([], accountId === undefined ? [] : await lookups.usersOfAccount(accountId, SHOWN + 1));
    }
    case "name": {
      const [some, users] = await Promise.all([
        lookups.installationsOfName(wanted.text, SHOWN + 1),
        lookups.usersOfName(wanted.text, SHOWN + 1),
      ]);
      return found(some, users);
    }
  }
}

/** That somebody looked for people, and by what kind of word; never the word. In the region that was searched. */
export const recordSearch = (region: Region, wanted: Wanted, actor: string): Promise<void> =>
  region.store.audit.record(auditEntry(actor, "operator.search", region.name, region.now(), { by: wanted.by }));

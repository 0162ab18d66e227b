import { randomBytes } from "node:crypto";
import type { Deps } from "../../deps.ts";
import type { Move } from "../../store/directory/moves.ts";
import type { NewAddresses } from "../../store/region/moving.ts";
import { normaliseEmail } from "../accounts/email.ts";
import { auditEntry } from "../audit.ts";
import { problemsOf, type Refused } from "../refused.ts";
import type { Region } from "../regions/regions.ts";
import { readBaseAddress } from "../web-addresses.ts";

export type { Move, MoveState } from "../../store/directory/moves.ts";

/** Where an operator wants an installation to be, and its addresses there; absent ones stay. */
export interface Destination {
  to: string;
  url?: string;
  apiEndPoint?: string;
}

/** The last move of an installation or an account, under way or over. */
export const findMove = (deps: Deps, kind: Move["kind"], subject: string | number): Promise<Move | undefined> =>
  deps.directory.moves.find(kind, String(subject));

/**
 * Begins to move an installation to another region; servers do the rest (run-move.ts). Asked again while it is under
 * way to the same region, answers how far it is.
 *
 * @returns `undefined` when there is no such installation in `from`.
 */
export async function moveInstallation(
  deps: Deps,
  from: Region,
  installationId: number,
  destination: Destination,
  actor: string,
): Promise<Move | Refused | undefined> {
  if (!(await from.store.installations.find(installationId))) {
    const last = await findMove(deps, "installation", installationId);
    return last?.fromRegion === from.name && last.toRegion === destination.to ? last : undefined;
  }
  const read = readAddresses(destination);
  if (!("url" in read)) return read;
  return begin(deps, "installation", String(installationId), from, destination.to, actor, read);
}

/** The same for an account, whose sessions end. @returns `undefined` when there is no such account. */
export async function moveAccount(
  deps: Deps,
  accountId: string,
  to: string,
  actor: string,
): Promise<Move | Refused | undefined> {
  const home = await deps.directory.routes.homeOf(accountId);
  const from = home === undefined ? undefined : deps.regions.find(home);
  if (!from || !(await from.store.accounts.find(accountId))) return undefined;
  if (to === home) {
    const last = await findMove(deps, "account", accountId);
    if (last?.toRegion === to) return last;
  }
  return begin(deps, "account", accountId, from, to, actor);
}

/** The id of the account of an e-mail. */
export async function accountIdOf(deps: Deps, email: string): Promise<string | undefined> {
  const emailKey = normaliseEmail(email);
  if (emailKey === undefined) return undefined;
  return (await deps.directory.routes.findAccount(await deps.emailKeys.of(emailKey)))?.accountId;
}

/** Takes a move back. `conflict` once the route leads to the new region: from then on, move it back instead. */
export async function undoMove(deps: Deps, move: Move, actor: string): Promise<Move | Refused> {
  const entry = auditEntry(actor, `${move.kind}.move.undo`, targetOf(move), deps.directory.moves.now());
  const undone = await deps.directory.moves.undo(move, entry);
  const now = (await findMove(deps, move.kind, move.subject)) ?? move;
  if (undone || now.state === "undoing" || now.state === "undone") return now;
  return { conflict: `It lives in ${now.toRegion} already. Move it to ${now.fromRegion} instead.` };
}

/** How a move is called in the log of what operators did. */
export const targetOf = ({ kind, subject, fromRegion }: Pick<Move, "kind" | "subject" | "fromRegion">): string =>
  kind === "installation" ? `${fromRegion}-${subject}` : subject;

async function begin(
  deps: Deps,
  kind: Move["kind"],
  subject: string,
  from: Region,
  to: string,
  actor: string,
  addresses?: NewAddresses,
): Promise<Move | Refused> {
  const target = deps.regions.find(to);
  const problem = !target ? "There is no such region." : target === from ? "It lives there already." : undefined;
  if (!target || problem) return { problems: problemsOf({ to: problem }) ?? {} };
  const { moves } = deps.directory;
  const before = await moves.find(kind, subject);
  if (before && before.finishedAt === null) return underWay(before, to);
  const moveId = randomBytes(16).toString("hex");
  // Before the move begins, because whichever server does it finds there what the operator said.
  await target.store.moving.mark(kind, subject, moveId, "arriving", addresses);
  const move = { kind, subject, moveId, fromRegion: from.name, toRegion: to };
  const entry = auditEntry(actor, `${kind}.move`, targetOf(move), moves.now(), { to });
  const started = await moves.start(move, entry);
  if (!started) await target.store.moving.unmark(kind, subject, moveId);
  const now = await moves.find(kind, subject);
  if (!now) throw new Error("A move was neither started nor found.");
  return started ? now : underWay(now, to);
}

const underWay = (move: Move, to: string): Move | Refused =>
  move.toRegion === to && move.state !== "undoing"
    ? move
    : { conflict: `Another move of it is under way: ${move.fromRegion} to ${move.toRegion}, ${move.state}.` };

function readAddresses({ url, apiEndPoint }: Destination): NewAddresses | Refused {
  const read = { url: addressOf(url), apiEndPoint: addressOf(apiEndPoint) };
  const problem = (value: string | null | undefined) =>
    value === undefined ? "Give an http(s) address without query or fragment." : undefined;
  const { url: readUrl, apiEndPoint: readEndPoint } = read;
  if (readUrl === undefined || readEndPoint === undefined)
    return { problems: problemsOf({ url: problem(readUrl), apiEndPoint: problem(readEndPoint) }) ?? {} };
  return { url: readUrl, apiEndPoint: readEndPoint };
}

/** `null`: as it is. `undefined`: no address that could be one. */
const addressOf = (text: string | undefined): string | null | undefined =>
  text === undefined ? null : readBaseAddress(text);

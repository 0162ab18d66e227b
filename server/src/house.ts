import type { Config, DatabaseAddress } from "./config.ts";
import type { Deps } from "./deps.ts";
import { createEmailKeys } from "./domain/accounts/email-keys.ts";
import { createAppRegistry } from "./domain/apps/registry.ts";
import { startHousekeeping } from "./domain/housekeeping.ts";
import { createExchangeBudget } from "./domain/login/failure-budgets.ts";
import type { Letters } from "./domain/mail/letters.ts";
import { createPostman } from "./domain/mail/postman.ts";
import { chooseTransport } from "./domain/mail/transport.ts";
import { startMover } from "./domain/moving/mover.ts";
import { findDirectoryCopy, startDirectoryCopier } from "./domain/regions/directory-copy.ts";
import { createRegions, type Region } from "./domain/regions/regions.ts";
import { createPublishers } from "./domain/teams/publishers.ts";
import { createTimeline } from "./domain/timeline/timeline.ts";
import { createSigner } from "./domain/tokens/signer.ts";
import { createTokenUses } from "./domain/tokens/token-uses.ts";
import { createUnseenTokens } from "./domain/tokens/unseen-tokens.ts";
import { joinDirectory } from "./join-directory.ts";
import { createLog, type Log } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { appReviewedMail } from "./pages/mail/app-reviewed.ts";
import { invitationMail } from "./pages/mail/invitation.ts";
import { newGrantMail } from "./pages/mail/new-grant.ts";
import { passwordChangedMail } from "./pages/mail/password-changed.ts";
import { passwordResetMail } from "./pages/mail/password-reset.ts";
import { reviewAskedMail } from "./pages/mail/review-asked.ts";
import { accountExistsMail, signUpCodeMail } from "./pages/mail/sign-up.ts";
import { teamInvitationMail } from "./pages/mail/team-invitation.ts";
import { createPasswords, type Passwords } from "./password.ts";
import { deriveKeys } from "./secrets.ts";
import { directoryStore } from "./store/directory/directory.ts";
import { lockDataDirectory } from "./store/engines/data-lock.ts";
import { openDatabase } from "./store/open.ts";
import { openNowOrLater } from "./store/opened-later.ts";
import { regionStore } from "./store/region/region.ts";

/** Everything a process holds open, and how it lets go of it. */
export interface House {
  deps: Deps;
  /** From here on load balancers are told to look elsewhere, and long answers end. */
  beginStopping(): void;
  /** Lets jobs finish, then closes the databases. */
  close(): Promise<void>;
}

/** What may be handed in instead of being made here. */
export interface HouseParts {
  log?: Log;
  passwords?: Passwords;
  /** Seconds since 1970 UTC, for the process and its databases; each database's own clock when absent. */
  clock?: () => number;
}

/** Why the house cannot be opened, in a sentence for the operator. */
export class CannotOpen extends Error {
  override readonly name = "CannotOpen";
}

const LETTERS: Letters = {
  invitation: invitationMail,
  teamInvitation: teamInvitationMail,
  passwordReset: passwordResetMail,
  passwordChanged: passwordChangedMail,
  newGrant: newGrantMail,
  signUpCode: signUpCodeMail,
  accountExists: accountExistsMail,
  appReviewed: appReviewedMail,
  reviewAsked: reviewAskedMail,
};

/**
 * Opens the databases and starts the jobs of one process.
 *
 * @throws {CannotOpen} when another server holds the data directory.
 * @throws {DatabaseUnavailable} when neither the directory nor a copy of it can be reached. A lost region only waits.
 */
export async function openHouse(config: Config, parts: HouseParts = {}): Promise<House> {
  const log = parts.log ?? createLog();
  const now = parts.clock ?? (() => Math.floor(Date.now() / 1000));
  const stopping = new AbortController();
  const passwords = parts.passwords ?? createPasswords(config.workers); // hashes a first time, while the databases open
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    holdDataDirectory(config, closers);
    const { directory, regions } = await openStores(config, log, closers, {
      ...(parts.clock && { clock: parts.clock }),
      directoryMayBeDown: true,
    });
    const keys = deriveKeys(config.secret);
    const emailKeys = createEmailKeys(directory, keys, now);
    const signer = createSigner(keys);
    const exchangeBudget = createExchangeBudget(directory);
    const apps = createAppRegistry(directory, log, { pepper: emailKeys.load, budget: exchangeBudget.learn });
    await apps.start(async () => {
      const copy = await findDirectoryCopy(regions, log);
      if (typeof copy !== "string") await signer.use(copy.signingKeys);
      return copy;
    });
    closers.push(() => apps.stop());
    const postman = createPostman({ regions, keys, log }, chooseTransport({ config }), LETTERS);
    postman.start();
    closers.push(() => postman.stop());
    const timeline = createTimeline({ regions, log });
    timeline.start();
    closers.push(() => timeline.stop());
    const tokenUses = createTokenUses({ timeline, log });
    tokenUses.start();
    closers.push(() => tokenUses.stop());
    const made = {
      config,
      log,
      metrics: createMetrics(),
      now,
      stopping: stopping.signal,
      keys,
      emailKeys,
      passwords: await passwords,
      directory,
      regions,
      signer,
      apps,
      timeline,
      tokenUses,
      publishers: createPublishers({ directory, regions, log }),
      exchangeBudget,
      unseenTokens: createUnseenTokens(directory, now),
      postman,
    };
    const mover = startMover(made);
    closers.push(() => mover.stop());
    const deps: Deps = { ...made, mover };
    const joining = await joinDirectory(deps);
    closers.push(() => joining.stop());
    const copier = startDirectoryCopier(deps);
    closers.push(() => copier.stop());
    const housekeeping = startHousekeeping(deps);
    closers.push(() => housekeeping.stop());
    return { deps, beginStopping: () => stopping.abort(), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** An embedded database belongs to one server; commands may write to it beside that. */
function holdDataDirectory(config: Config, closers: (() => unknown)[]): void {
  if (![config.directory, ...config.regions.map(({ database }) => database)].some(isEmbedded)) return;
  const lock = lockOf(config.dataDirectory);
  closers.push(() => lock.release());
}

/** The directory and the regions, each open or, for a region, still trying. `closers` gets what closes them. */
export async function openStores(
  config: Config,
  log: Log,
  closers: (() => unknown)[],
  { directoryMayBeDown = false, ...options }: { clock?: () => number; directoryMayBeDown?: boolean } = {},
) {
  const openDirectory = () => openDatabase(config.directory, "directory", "directory", options);
  const directory = directoryMayBeDown
    ? await openNowOrLater("directory", config.directory.engine, openDirectory, QUIET) // whoever follows it tells
    : await openDirectory();
  closers.push(() => directory.close());
  const openRegion = async ({ name, database }: Config["regions"][number]): Promise<Region> => {
    const db = await openNowOrLater(name, database.engine, () => openDatabase(database, name, "region", options), {
      failed: (error) => log.error({ region: name, err: error }, "a region cannot be opened; it is tried again"),
      opened: () => log.info({ region: name }, "a region is open again"),
    });
    closers.push(() => db.close());
    return { name, store: regionStore(db), now: () => db.now() };
  };
  return {
    directory: directoryStore(directory),
    regions: createRegions(await Promise.all(config.regions.map(openRegion))),
  };
}

const QUIET = { failed() {}, opened() {} };

const isEmbedded = (address: DatabaseAddress) => address.engine === "sqlite";

function lockOf(dataDirectory: string): { release(): void } {
  try {
    return lockDataDirectory(dataDirectory);
  } catch (error) {
    throw new CannotOpen(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

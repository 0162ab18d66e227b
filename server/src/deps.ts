import type { Config } from "./config.ts";
import type { EmailKeys } from "./domain/accounts/email-keys.ts";
import type { AppRegistry } from "./domain/apps/registry.ts";
import type { ExchangeBudget } from "./domain/login/failure-budgets.ts";
import type { Postman } from "./domain/mail/postman.ts";
import type { Mover } from "./domain/moving/mover.ts";
import type { Regions } from "./domain/regions/regions.ts";
import type { Publishers } from "./domain/teams/publishers.ts";
import type { Timeline } from "./domain/timeline/timeline.ts";
import type { Signer } from "./domain/tokens/signer.ts";
import type { TokenUses } from "./domain/tokens/token-uses.ts";
import type { UnseenTokens } from "./domain/tokens/unseen-tokens.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { Passwords } from "./password.ts";
import type { Keys } from "./secrets.ts";
import type { DirectoryStore } from "./store/directory/directory.ts";

/** What every rule may need, made once by app.ts and handed down. */
export interface Deps {
  config: Config;
  log: Log;
  metrics: Metrics;
  /** Seconds since 1970 UTC. Lifetimes of what lives in a region go by `region.now()`. */
  now(): number;
  /** Aborted when this process begins to stop: long answers end, and load balancers are told. */
  stopping: AbortSignal;
  keys: Keys;
  /** What the directory finds accounts by. */
  emailKeys: EmailKeys;
  passwords: Passwords;
  directory: DirectoryStore;
  regions: Regions;
  /** What became of each app's logins, for its developers. */
  timeline: Timeline;
  /** When tokens were used first and last. */
  tokenUses: TokenUses;
  /** Signs id_tokens. */
  signer: Signer;
  /** Every app, in memory, following the directory's changes. */
  apps: AppRegistry;
  /** Who stands behind each app, for the pages of logins. */
  publishers: Publishers;
  /** Stops addresses whose exchanges failed too often, at any server. */
  exchangeBudget: ExchangeBudget;
  /** Tokens whose making was cut off from its answer. */
  unseenTokens: UnseenTokens;
  /** Sends what is queued in the regions. */
  postman: Pick<Postman, "wake">;
  /** Does the moves between regions. */
  mover: Pick<Mover, "round">;
}

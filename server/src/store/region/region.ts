import { audit } from "../audit.ts";
import { budgets } from "../budgets.ts";
import type { Database } from "../database.ts";
import { accounts } from "./accounts.ts";
import { appReviews } from "./app-reviews.ts";
import { codes } from "./codes.ts";
import { companies } from "./companies.ts";
import { connections } from "./connections.ts";
import { consents } from "./consents.ts";
import { directoryCopy } from "./directory-copy.ts";
import { installations } from "./installations.ts";
import { links } from "./links.ts";
import { loginEvents } from "./login-events.ts";
import { lookups } from "./lookups.ts";
import { mails } from "./mails.ts";
import { moving } from "./moving.ts";
import { movingRows } from "./moving-rows.ts";
import { operators } from "./operators.ts";
import { ownUsers } from "./own-users.ts";
import { passwordChanges } from "./password-changes.ts";
import { refreshTokens } from "./refresh-tokens.ts";
import { sessions } from "./sessions.ts";
import { signIns } from "./sign-ins.ts";
import { signUps } from "./sign-ups.ts";
import { teamInvitations } from "./team-invitations.ts";
import { teamProfiles } from "./team-profiles.ts";
import { tokens } from "./tokens.ts";
import { trials } from "./trials.ts";
import { userTokens } from "./user-tokens.ts";
import { users } from "./users.ts";

const PING = `SELECT 1 AS one`;

/** Everything a region keeps, one noun per file. */
export const regionStore = (db: Database) => ({
  db,
  /** Resolves when the database answers at all. */
  ping: () => db.read(PING, []),
  accounts: accounts(db),
  appReviews: appReviews(db),
  directoryCopy: directoryCopy(db),
  installations: installations(db),
  users: users(db),
  userTokens: userTokens(db),
  companies: companies(db),
  audit: audit(db),
  budgets: budgets(db),
  codes: codes(db),
  connections: connections(db),
  consents,
  links: links(db),
  loginEvents: loginEvents(db),
  lookups: lookups(db),
  mails: mails(db),
  moving: moving(db),
  movingRows: movingRows(db),
  operators: operators(db),
  ownUsers: ownUsers(db),
  passwordChanges: passwordChanges(db),
  refreshTokens: refreshTokens(db),
  sessions: sessions(db),
  signIns: signIns(db),
  signUps: signUps(db),
  teamInvitations: teamInvitations(db),
  teamProfiles: teamProfiles(db),
  tokens: tokens(db),
  trials: trials(db),
});

export type RegionStore = ReturnType<typeof regionStore>;

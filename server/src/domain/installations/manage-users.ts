import type { Deps } from "../../deps.ts";
import type { Installation } from "../../store/region/installations.ts";
import type { User } from "../../store/region/users.ts";
import { normaliseEmail, trimmedEmail } from "../accounts/email.ts";
import { type FoundAccount, findOrMakeAccount } from "../accounts/find-or-make.ts";
import { IMPORTED_HASH_PROBLEM, isAcceptableHash } from "../accounts/imported-hash.ts";
import { auditEntry, changedFields } from "../audit.ts";
import { type Invitation, invitationStatements, inviteUser } from "../mail/invite.ts";
import { onTheMove, requireStaying } from "../moving/staying.ts";
import { isRefused, problemsOf, type Refused } from "../refused.ts";
import type { Region } from "../regions/regions.ts";
import { pictureProblem } from "../web-addresses.ts";
import { nameCompany, readBack } from "./companies.ts";

export type { User, UserRole } from "../../store/region/users.ts";

/** Rows removed in one go (docs/decisions/portable-sql.md). */
const BATCH = 500;

/** What an operator says about a person in an installation. */
export interface UserProfile extends Pick<User, "firstName" | "lastName" | "avatar" | "role" | "disabled"> {
  /** Absent: the installation's own. */
  company?: { name: string; logo?: string };
}

export interface NewUser extends UserProfile {
  email: string;
  /** For an account that must be made; ignored when the e-mail has one. At most one of the two. */
  password?: string;
  /** argon2id in PHC format. */
  passwordHash?: string;
}

export const findUser = (region: Region, installation: Installation, userId: number) =>
  region.store.users.find(installation.installationId, userId);

/** An installation's users in the order of their ids, after the one given. */
export const usersAfter = (region: Region, installation: Installation, userId: number, limit: number) =>
  region.store.users.page(installation.installationId, userId, limit);

/**
 * A new user of an installation, with the account of that e-mail: the one there is, wherever it lives, or a new one here.
 *
 * Account before user, routes before what they lead to: a crash leaves a route that leads nowhere, an account without
 * users, and nothing that the same call made again would not complete.
 * @throws {TooBusy} the password queue is full.
 */
export async function createUser(
  deps: Deps,
  region: Region,
  installation: Installation,
  draft: NewUser,
  actor: string,
): Promise<{ user: User } | Refused> {
  const emailKey = normaliseEmail(draft.email);
  const problems = newUserProblems(draft, emailKey);
  if (problems || emailKey === undefined) return { problems: problems ?? {} };
  const { installationId } = installation;
  const { users } = region.store;
  if (await users.hasEmail(installationId, emailKey)) return TAKEN;
  await requireStaying(region, "installation", installationId); // before anybody is invited

  const userId = await deps.directory.ids.next("user");
  const email = trimmedEmail(draft.email);
  const invitation = (account: { accountId: string; region: string }): Invitation => ({
    account: { ...account, email },
    installation: { id: installationId, name: installation.name, region: region.name },
    userId,
  });
  const account = await findOrMakeAccount(deps, {
    email,
    emailKey,
    region,
    passwordHash: async () =>
      draft.passwordHash ?? (draft.password === undefined ? null : await deps.passwords.hash(draft.password)),
    invitation: (account) => invitationStatements(deps, invitation(account)),
  });

  const added = await addUser(deps, region, installation, { draft, userId, email, emailKey, account, actor });
  if (isRefused(added)) return added;
  if (account.made) deps.postman.wake(account.region);
  else if (!account.hasPassword) await inviteUser(deps, invitation(account));
  return added;
}

export interface Addition {
  draft: UserProfile;
  userId: number;
  email: string;
  emailKey: string;
  /** The account may be made after its user; `made` then says that it is to be. */
  account: Pick<FoundAccount, "accountId" | "region" | "made">;
  actor: string;
}

/** A new user of an account, whose route goes first. */
export async function addUser(
  deps: Deps,
  region: Region,
  installation: Installation,
  addition: Addition,
): Promise<{ user: User } | Refused> {
  const { routes } = deps.directory;
  const { installationId } = installation;
  const { emailKey, account } = addition;
  await routes.addMember(account.accountId, { installationId, region: region.name });
  const user = await addRow(deps, region, installation, addition);
  if (!user) {
    if (await region.store.users.hasEmail(installationId, emailKey)) return TAKEN;
    await requireStaying(region, "installation", installationId);
    await routes.removeMember(account.accountId, installationId);
    return { stale: true }; // the installation went meanwhile
  }
  // Whoever was deleting the e-mail's former user may have removed the route after we had added it.
  if (!(await routes.hasMember(account.accountId, installationId)))
    await routes.addMember(account.accountId, { installationId, region: region.name });
  return { user };
}

const TAKEN: Refused = { conflict: "This e-mail has a user in the installation already." };

async function addRow(deps: Deps, region: Region, installation: Installation, addition: Addition) {
  const { draft, userId, email, emailKey, account, actor } = addition;
  const { firstName, lastName, avatar, role, disabled } = draft;
  const { installationId } = installation;
  const now = region.now();
  const row = {
    ...{ installationId, userId, email, emailKey, firstName, lastName, avatar, role, disabled },
    accountId: account.accountId,
    accountRegion: account.region,
    company: await companyOf(deps, region, installation, draft),
    joined: !account.made,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
  const entry = auditEntry(actor, "user.create", idOf(region, installationId, userId), now, { joined: row.joined });
  return (await region.store.users.add(row, entry)) ? region.store.users.find(installationId, userId) : undefined;
}

/** The user as it is to be. Disabled, it cannot log in and its tokens are inactive from now on. */
export async function changeUser(
  deps: Deps,
  region: Region,
  installation: Installation,
  user: User,
  profile: UserProfile,
  actor: string,
): Promise<{ user: User } | Refused> {
  const problems = profileProblems(profile);
  if (problems) return { problems };
  const { users } = region.store;
  const { installationId, userId } = user;
  const now = region.now();
  const company = await companyOf(deps, region, installation, profile);
  const changed = { ...user, ...profile, company, updatedAt: now };
  const after = { ...changed, company: readBack(company, user.company), updatedAt: user.updatedAt };
  const fields = changedFields<object>(user, after);
  const entry = auditEntry(actor, "user.change", idOf(region, installationId, userId), now, { fields });
  if (!(await users.change(changed, entry))) {
    await requireStaying(region, "installation", installationId);
    return { stale: true };
  }
  const saved = await users.find(installationId, userId);
  return saved ? { user: saved } : { stale: true };
}

/** Its row goes first, and with it its tokens and codes count as ended; then what it leaves behind, its route last. */
export async function deleteUser(deps: Deps, region: Region, user: User, actor: string): Promise<boolean> {
  const { users } = region.store;
  const { routes } = deps.directory;
  const { installationId, userId, accountId, emailKey } = user;
  const entry = auditEntry(actor, "user.delete", idOf(region, installationId, userId), region.now());
  const deleted = await users.remove(installationId, userId, entry);
  if (!deleted && (await users.find(installationId, userId))) throw onTheMove();
  while ((await users.removeLeftovers(installationId, userId, BATCH)) > 0);
  await routes.removeMember(accountId, installationId);
  // Whoever made a new user of the same e-mail meanwhile needs the route.
  if (await users.hasEmail(installationId, emailKey))
    await routes.addMember(accountId, { installationId, region: region.name });
  return deleted;
}

const idOf = (region: Region, installationId: number, userId: number) => `${region.name}-${installationId}/${userId}`;

const companyOf = (deps: Deps, region: Region, installation: Installation, profile: UserProfile) =>
  nameCompany(deps, region, installation.installationId, profile.company ?? { name: installation.company.name });

const profileProblems = ({ avatar, company }: UserProfile) =>
  problemsOf({ avatar: pictureProblem(avatar), "company.logo": pictureProblem(company?.logo ?? "") });

function newUserProblems(draft: NewUser, emailKey: string | undefined) {
  const { password, passwordHash } = draft;
  return problemsOf({
    ...profileProblems(draft),
    email: emailKey === undefined ? "Give an e-mail address, such as name@example.com." : undefined,
    passwordHash:
      passwordHash === undefined
        ? undefined
        : password !== undefined
          ? "Give password or passwordHash, not both."
          : isAcceptableHash(passwordHash)
            ? undefined
            : IMPORTED_HASH_PROBLEM,
  });
}

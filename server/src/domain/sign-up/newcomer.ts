import type { Deps } from "../../deps.ts";
import type { Account } from "../../store/region/accounts.ts";
import { findOrAddRoute } from "../accounts/email-keys.ts";
import { findOrMakeAccount, newAccountId } from "../accounts/find-or-make.ts";
import type { Problems } from "../refused.ts";
import type { Region } from "../regions/regions.ts";

/** What somebody says of themselves who gets an account. */
export interface Newcomer {
  firstName: string;
  lastName: string;
  password: string;
  /** The region that the form showed as the account's home. */
  home: string;
}

const NAME_LENGTH_MAX = 100;

export const nameProblems = ({ firstName, lastName }: Pick<Newcomer, "firstName" | "lastName">) => ({
  firstName: firstName.trim() === "" ? "Enter your name." : tooLong(firstName),
  lastName: tooLong(lastName),
});

const tooLong = (name: string) =>
  [...name.trim()].length > NAME_LENGTH_MAX ? `At most ${NAME_LENGTH_MAX} characters.` : undefined;

export interface NewHome {
  accountId: string;
  region: Region;
  /** Absent: it is yet to be made. */
  account: Account | undefined;
}

/** A refusal because of the home, and the one that there can be. */
export interface Elsewhere {
  problems: Problems;
  home: string;
}

/**
 * Where the account of an e-mail lives or is to live. The route is written here if there is none.
 *
 * @returns problems where an account was begun in another region than the form showed: nobody's data goes there unasked.
 */
export async function findHomeOf(deps: Deps, emailKey: string, wanted: string): Promise<NewHome | Elsewhere> {
  if (!deps.regions.find(wanted)) return { problems: { home: "Choose where your data is to be kept." }, home: "" };
  const { route } = await findOrAddRoute(deps, emailKey, { accountId: newAccountId(), region: wanted });
  const region = deps.regions.require(route.region);
  const { accounts } = region.store;
  const account = (await accounts.find(route.accountId)) ?? (await accounts.findByEmailKey(emailKey));
  if (!account && region.name !== wanted)
    return {
      problems: {
        home: `An account of this e-mail was begun in ${region.name} and not finished. It can only be kept there.`,
      },
      home: region.name,
    };
  return { accountId: account?.accountId ?? route.accountId, region, account };
}

/** Of all who make it at once one does. */
export const makeAccount = (
  deps: Deps,
  { email, emailKey, region, passwordHash }: { email: string; emailKey: string; region: Region; passwordHash: string },
) => findOrMakeAccount(deps, { email, emailKey, region, passwordHash: async () => passwordHash, invitation: () => [] });

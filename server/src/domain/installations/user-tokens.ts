import type { UserToken } from "../../store/region/user-tokens.ts";
import type { User } from "../../store/region/users.ts";
import { auditEntry } from "../audit.ts";
import { onTheMove } from "../moving/staying.ts";
import type { Region } from "../regions/regions.ts";

export type { UserToken } from "../../store/region/user-tokens.ts";

export const findUserToken = (region: Region, { installationId, userId }: User, tokenId: string) =>
  region.store.userTokens.find(installationId, userId, tokenId);

/** A user's tokens that nobody revoked, in the order of their ids, after the one given. */
export const userTokensAfter = (region: Region, { installationId, userId }: User, tokenId: string, limit: number) =>
  region.store.userTokens.page(installationId, userId, tokenId, limit);

/** Ends one token of a user, with what came from the same login. False when it had ended already. */
export async function revokeUserToken(region: Region, user: User, token: UserToken, actor: string): Promise<boolean> {
  const { installationId, userId } = user;
  const target = `${region.name}-${installationId}/${userId}`;
  const entry = auditEntry(actor, "token.revoke", target, region.now(), { tokenId: token.tokenId });
  const { userTokens } = region.store;
  const revoked = await userTokens.revoke(installationId, userId, token.tokenId, entry);
  if (!revoked && (await userTokens.find(installationId, userId, token.tokenId))) throw onTheMove();
  return revoked;
}

const PAGE = 200;

/** Ends every token that apps hold for a user, one by one, each with its line in the log; and says how many. */
export async function revokeAllUserTokens(region: Region, user: User, actor: string): Promise<number> {
  let revoked = 0;
  for (let after = ""; ; ) {
    const tokens = await userTokensAfter(region, user, after, PAGE);
    for (const token of tokens) if (await revokeUserToken(region, user, token, actor)) revoked++;
    const last = tokens.at(-1);
    if (!last || tokens.length < PAGE) return revoked;
    after = last.tokenId;
  }
}

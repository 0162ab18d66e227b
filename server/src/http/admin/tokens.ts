import { z } from "zod";
import { findUser, type User } from "../../domain/installations/manage-users.ts";
import {
  findUserToken,
  revokeUserToken,
  type UserToken,
  userTokensAfter,
} from "../../domain/installations/user-tokens.ts";
import type { Region } from "../../domain/regions/regions.ts";
import { collection, OPERATOR } from "./collection.ts";
import { time } from "./fields.ts";
import { isKey } from "./paging.ts";
import { placeOf } from "./users.ts";

interface Holder {
  region: Region;
  user: User;
}

const present = ({ tokenId, clientId, scopes, issuedAt, expiresAt }: UserToken) => ({
  id: tokenId,
  clientId,
  scopes,
  issuedAt,
  expiresAt,
});

/** The tokens that apps hold for a user, as names: the tokens themselves are stored nowhere. */
export const tokens = collection({
  path: "/regions/{region}/installations/{installationId}/users/{userId}/tokens",
  member: "tokenId",
  noun: "token",
  key: "hash",
  view: z.object({
    id: z.string(),
    clientId: z.string(),
    scopes: z.array(z.string()),
    issuedAt: time,
    expiresAt: time.nullable(),
  }),
  present,
  keyOf: (token: UserToken) => token.tokenId,
  async scope(deps, params): Promise<Holder | undefined> {
    const { userId = "" } = params;
    const place = isKey("id", userId) ? await placeOf(deps, params) : undefined;
    const user = place && (await findUser(place.region, place.installation, Number(userId)));
    return place && user && { region: place.region, user };
  },
  list: (_deps, { region, user }, after, limit) => userTokensAfter(region, user, after, limit),
  find: (_deps, { region, user }, tokenId) => findUserToken(region, user, tokenId),
  remove: async (_deps, { region, user }, _tokenId, token) =>
    token !== undefined && revokeUserToken(region, user, token, OPERATOR),
});

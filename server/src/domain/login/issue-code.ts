import type { App } from "../../store/directory/apps.ts";
import { onTheMove } from "../moving/staying.ts";
import { newCode } from "../tokens/credentials.ts";
import type { Login } from "./login.ts";
import type { Place } from "./memberships.ts";

/**
 * Step three of the guide: a code, bound to app, redirect URI, user, installation and challenge, kept in the
 * installation's region. With `consented`, the consent is written in the same transaction.
 *
 * @returns the code, or `undefined` when the user was disabled or deleted meanwhile.
 * @throws {OAuthError} `temporarily_unavailable` while the installation is on the move.
 */
export async function issueCode(
  app: App,
  { id, request }: Pick<Login, "id" | "request">,
  place: Place,
  authenticatedAt: number,
  consented: boolean,
): Promise<string | undefined> {
  const { region, installationId, userId } = place;
  const { codes, consents } = region.store;
  const code = newCode(region.name);
  const now = region.now();
  const issued = await codes.issue(
    {
      codeHash: code.hash,
      clientId: app.clientId,
      installationId,
      userId,
      redirectUri: request.redirectUri,
      challenge: request.challenge ?? null,
      scopes: [...request.scopes],
      nonce: request.nonce ?? null,
      authenticatedAt,
      issuedAt: now,
      expiresAt: now + app.codeLifetimeSeconds,
      loginId: id,
    },
    consented ? [consents.giving(installationId, userId, app.clientId, request.scopes, now)] : [],
  );
  if (!issued && (await region.store.users.find(installationId, userId))?.disabled === false) throw onTheMove();
  return issued ? code.secret : undefined;
}

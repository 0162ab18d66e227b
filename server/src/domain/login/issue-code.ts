import type { Deps } from "../../deps.ts";
import type { App } from "../../store/directory/apps.ts";
import { onTheMove } from "../moving/staying.ts";
import { newCode } from "../tokens/credentials.ts";
import { newGrantNotice } from "./grant-notice.ts";
import type { Login } from "./login.ts";
import type { Place } from "./memberships.ts";

/**
 * Step three of the guide: a code, bound to app, redirect URI, user, installation and challenge, kept in the
 * installation's region. With `consent`, the consent is written in the same transaction, and the mail about it is queued if
 * it is the first.
 *
 * @param consent  what the user has just said yes to, by this session's e-mail.
 * @returns the code, or `undefined` when the user was disabled or deleted meanwhile.
 * @throws {OAuthError} `temporarily_unavailable` while the installation is on the move.
 */
export async function issueCode(
  deps: Deps,
  app: App,
  { id, request }: Pick<Login, "id" | "request">,
  place: Place,
  authenticatedAt: number,
  consent: { email: string } | undefined,
): Promise<string | undefined> {
  const { region, installationId, userId } = place;
  const { codes, consents } = region.store;
  const code = newCode(region.name);
  const now = region.now();
  const notice = consent && newGrantNotice(deps, app, request, place, consent.email);
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
    [
      ...(notice ? [consents.tellingOfFirst(installationId, userId, app.clientId, notice, now)] : []),
      ...(consent ? [consents.giving(installationId, userId, app.clientId, request.scopes, now)] : []),
    ],
  );
  if (!issued && (await region.store.users.find(installationId, userId))?.disabled === false) throw onTheMove();
  if (notice) deps.postman.wake(region.name);
  return issued ? code.secret : undefined;
}

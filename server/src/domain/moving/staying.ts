import { OAuthError } from "../../errors.ts";
import type { Region } from "../regions/regions.ts";

/**
 * What a write answers while its installation or account is on its way to another region. The database itself refused
 * the write (store/region/moving.ts); this only gives the refusal its words.
 */
export const onTheMove = () =>
  new OAuthError("temporarily_unavailable", "It is being moved to another region right now; nothing was changed.", {
    retryAfterSeconds: 5,
    detail: "a move between regions is under way",
  });

/** For a write that hit no row. @throws {OAuthError} `temporarily_unavailable`: because of a move. */
export async function requireStaying(
  region: Region,
  kind: "installation" | "account",
  subject: string | number,
): Promise<void> {
  if (await region.store.moving.isMoving(kind, subject)) throw onTheMove();
}

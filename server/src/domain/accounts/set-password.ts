import type { Deps } from "../../deps.ts";
import { newSecret } from "../../secrets.ts";
import { ACCOUNT_LOGINS, emailBudgetKey } from "../login/failure-budgets.ts";
import { sealLetter } from "../mail/letters.ts";
import { requireStaying } from "../moving/staying.ts";
import type { OpenLink } from "./links.ts";
import { type Ended, endPortalVisits } from "./own-sessions.ts";
import { passwordProblem } from "./password-rules.ts";

export type PasswordSetting =
  | ({ outcome: "saved" } & Ended)
  /** The link is used or expired, or its account is gone. */
  | { outcome: "deadLink" }
  /** An invitation whose account has a password by now: nothing is left to do. */
  | { outcome: "alreadyAccepted" }
  | { outcome: "refused"; problems: { password: string } };

/**
 * Spends a link on a new password, and ends every session that there was, the portal's too: whoever forgot a password may
 * have lost it to somebody. A password that is refused leaves the link as it was.
 *
 * @throws {TooBusy} the password queue is full; the link is not spent.
 */
export async function setPassword(deps: Deps, link: OpenLink, password: string): Promise<PasswordSetting> {
  if (link.kind === "invitation" && link.hasPassword) return { outcome: "alreadyAccepted" };
  const problem = passwordProblem(password, link.emailKey);
  if (problem !== undefined) return { outcome: "refused", problems: { password: problem } };

  const passwordHash = await deps.passwords.hash(password);
  const { region } = link;
  const at = region.now();
  const saved = await region.store.links.spendOnPassword({
    link,
    spentBy: newSecret(),
    passwordHash,
    notice: sealLetter(deps.keys, {
      template: "passwordChanged",
      to: link.email,
      props: { at, forgotHref: `${deps.config.url}/login/forgot-password` },
    }),
    failuresKey: emailBudgetKey(deps, ACCOUNT_LOGINS, link.emailKey),
    at,
  });
  if (!saved && (await region.store.links.findLive(link.linkHash, at)))
    await requireStaying(region, "account", link.accountId);
  if (!saved) return { outcome: "deadLink" };
  deps.postman.wake(region.name);
  return { outcome: "saved", ...(await endPortalVisits(deps, link, "")) };
}

import type { Deps } from "../../deps.ts";
import type { Statement } from "../../store/database.ts";
import { LIFETIME_SECONDS, newLink } from "../accounts/links.ts";
import { sealLetter } from "./letters.ts";

export interface Invitation {
  /** Who is invited, and the home region of that account: link and mail are kept there. */
  account: { region: string; accountId: string; email: string };
  installation: { id: number; name: string; region: string };
  userId: number;
}

/**
 * What invites a user by mail, for the batch (in the account's home region) that makes the account, so that a crash
 * leaves no account that nobody was told of. Call `deps.postman.wake` with that region's name after the batch.
 */
export function invitationStatements(deps: Deps, { account, installation, userId }: Invitation): Statement[] {
  const region = deps.regions.require(account.region);
  const link = newLink(deps, region, {
    kind: "invitation",
    accountId: account.accountId,
    installationId: installation.id,
    userId,
  });
  const { mailId, sealedMessage } = sealLetter(deps.keys, {
    template: "invitation",
    to: account.email,
    props: {
      installationName: installation.name,
      href: link.href,
      days: LIFETIME_SECONDS.invitation / (24 * 3600),
    },
  });
  const { links, mails } = region.store;
  return [links.making(link.record), mails.enqueueing(mailId, sealedMessage, link.record.createdAt)];
}

/** Invites a user of an account that exists already and has no password yet. */
export async function inviteUser(deps: Deps, invitation: Invitation): Promise<void> {
  const region = deps.regions.require(invitation.account.region);
  await region.store.db.batch(invitationStatements(deps, invitation));
  deps.postman.wake(region.name);
}

import type { Deps } from "../../deps.ts";
import type { TeamProfile } from "../../store/region/team-profiles.ts";
import { normaliseEmail } from "../accounts/email.ts";
import { actorName, auditEntry, changedFields } from "../audit.ts";
import { problemsOf, type Refused } from "../refused.ts";
import { websiteProblem } from "../web-addresses.ts";
import { type Actor, nameProblem, type OwnTeam } from "./teams.ts";

/** Who stands behind a team's apps, as users see it. */
export type Publisher = Pick<
  TeamProfile,
  "publisherName" | "publisherUrl" | "privacyUrl" | "termsUrl" | "publisherEmail"
>;

/**
 * Sets the publisher of a team.
 *
 * @param version  of the profile that the form showed; another one is `stale`.
 */
export async function changePublisher(
  deps: Deps,
  actor: Actor,
  team: OwnTeam & { profile: TeamProfile },
  publisher: Publisher,
  version: number,
): Promise<{ saved: true } | Refused> {
  const problems = problemsOf({
    publisherName: nameProblem(publisher.publisherName),
    publisherUrl: websiteProblem(publisher.publisherUrl),
    privacyUrl: websiteProblem(publisher.privacyUrl),
    termsUrl: websiteProblem(publisher.termsUrl),
    publisherEmail:
      publisher.publisherEmail === "" || normaliseEmail(publisher.publisherEmail) !== undefined
        ? undefined
        : "Give an e-mail address, or leave it empty.",
  });
  if (problems) return { problems };
  const region = deps.regions.require(team.region);
  const changed = { ...team.profile, ...publisher, publisherName: publisher.publisherName.trim() };
  const fields = changedFields<object>(team.profile, changed);
  const now = region.now();
  const entry = auditEntry(actorName(actor), "team.publisher.change", team.teamId, now, { fields });
  const saved = await region.store.teamProfiles.change({ ...changed, version, updatedAt: now }, entry);
  deps.publishers.forget(team.teamId);
  return saved ? { saved: true } : { stale: true };
}

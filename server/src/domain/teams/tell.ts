import type { Deps } from "../../deps.ts";
import type { App } from "../../store/directory/apps.ts";
import type { Team } from "../../store/directory/teams.ts";
import type { ReviewEvent } from "../../store/region/app-reviews.ts";
import { countOneMore, emailBudgetKey } from "../login/failure-budgets.ts";
import { type Letter, sealLetter } from "../mail/letters.ts";
import type { Region } from "../regions/regions.ts";

/** A team that submits and withdraws all day is heard a few times. */
const ASKED = { name: "review-asked", failuresMax: 5, windowSeconds: 24 * 3_600 };

/**
 * Tells those who may submit the app what was decided, each in the region of their account. What the operator wrote is not
 * in the mail: it stays where the team is.
 */
export async function tellTeam(deps: Deps, team: Pick<Team, "teamId">, app: App, event: ReviewEvent): Promise<void> {
  const props = { appName: app.name, event, href: `${deps.config.url}/portal/apps/${app.clientId}/review` };
  await trying(deps, {}, async () => {
    const members = await deps.directory.teams.members(team.teamId);
    const deciding = members.filter(({ role }) => role === "owner" || role === "admin");
    await Promise.all(
      deciding.map(({ accountId, accountRegion }) =>
        trying(deps, { region: accountRegion }, async () => {
          const region = deps.regions.require(accountRegion);
          const account = await region.store.accounts.find(accountId);
          if (account) await send(deps, region, { template: "appReviewed", to: account.email, props });
        }),
      ),
    );
  });
}

/** Tells every operator, each in the region of their account, that a team waits for them. */
export async function tellOperators(deps: Deps, app: App, event: "submitted" | "scopes_asked"): Promise<void> {
  const props = { appName: app.name, event, href: `${deps.config.url}/operator/apps/${app.clientId}` };
  await trying(deps, {}, async () => {
    if ((await countOneMore(deps, ASKED, emailBudgetKey(deps, ASKED, app.clientId))) > 0) return;
    await Promise.all(
      deps.regions.all.map((region) =>
        trying(deps, { region: region.name }, async () => {
          for (const { email } of await region.store.operators.list())
            await send(deps, region, { template: "reviewAsked", to: email, props });
        }),
      ),
    );
  });
}

async function send(deps: Deps, region: Region, letter: Letter): Promise<void> {
  const { mailId, sealedMessage } = sealLetter(deps.keys, letter);
  await region.store.db.batch([region.store.mails.enqueueing(mailId, sealedMessage, region.now())]);
  deps.postman.wake(region.name);
}

/** What the mail tells of is done and stands in the portal, whoever is told. */
async function trying(deps: Deps, where: { region?: string }, tell: () => Promise<void>): Promise<void> {
  try {
    await tell();
  } catch (error) {
    deps.log.warn({ err: error, ...where }, "not everybody could be told of a review");
  }
}

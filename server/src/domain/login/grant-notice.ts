import type { Deps } from "../../deps.ts";
import type { App } from "../../store/directory/apps.ts";
import { sealLetter } from "../mail/letters.ts";
import { isOpenId } from "../tokens/scopes.ts";
import type { AuthorizationRequest } from "./authorization-request.ts";
import type { Place } from "./memberships.ts";

/**
 * The mail that tells a person which app may act for them from now on; `undefined` where it could before, and for
 * trusted apps, which nobody is asked about. Kept and sent from the installation's region, which knows the e-mail already.
 */
export function newGrantNotice(deps: Deps, app: App, { scopes }: AuthorizationRequest, place: Place, to: string) {
  if (app.trusted || place.consentedScopes !== null) return undefined;
  const words = deps.apps.scopes();
  return sealLetter(deps.keys, {
    template: "newGrant",
    to,
    props: {
      appName: app.name,
      installationName: place.installationName,
      scopes: scopes.filter((name) => !isOpenId(name)).map((name) => words.get(name) || name),
      at: place.region.now(),
      appsHref: `${deps.config.url}/account/apps`,
    },
  });
}

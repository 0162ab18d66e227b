import type { Deps } from "../../deps.ts";
import { OAuthError } from "../../errors.ts";
import type { App } from "../../store/directory/apps.ts";
import { isLoopback, isPrivateScheme } from "../apps/redirect-uri.ts";
import { issueCode } from "./issue-code.ts";
import { isFreshEnough, type Login } from "./login.ts";
import { findPlaces, type KnownUsers, type Place, type Places, placeName, preferredPlace } from "./memberships.ts";
import { type Answer, returnUri } from "./return-uri.ts";
import type { Session } from "./sessions.ts";

/** What a login needs next. `login` is the login as the step's page must carry it on. */
export type Step =
  | { kind: "sign-in"; login: Login }
  | { kind: "pick-account"; login: Login }
  | { kind: "choose"; login: Login; places: Places }
  | { kind: "consent"; login: Login; place: Place; mode: "consent" | "confirm" }
  | { kind: "return"; login: Login; uri: string; ended: Ended };

/** How a login ended: with a code kept in that place, or with an error for the app. */
export type Ended = { region: string; installationId: number } | { error: OAuthError["code"]; byUser?: true };

/**
 * Goes on with a login as far as it can without its user (wire section 2): authenticate -> choose the installation
 * -> consent -> done. With `prompt=none` the app is told what it could not do.
 */
export async function nextStep(
  deps: Deps,
  app: App,
  login: Login,
  session: Session | undefined,
  known?: KnownUsers,
): Promise<Step> {
  const silent = login.request.prompt.includes("none");
  const orReturn = (step: Step, error: OAuthError["code"], description: string): Step =>
    silent ? returnError(deps, login, new OAuthError(error, description)) : step;

  if (!session || !isFreshEnough(login, session))
    return orReturn({ kind: "sign-in", login }, "login_required", "The user is not signed in.");
  if (mustPickAccount(login, session)) return { kind: "pick-account", login };

  const places = await findPlaces(deps, app, session.accountId, known);
  const open = places.all.filter((place) => place.closed === undefined);
  const enabled = places.all.filter((place) => !place.disabled);
  if (open.length === 0 && enabled.length > 0 && places.unavailableRegions.length === 0)
    return returnError(
      deps,
      login,
      new OAuthError("access_denied", "The app is not open to the user's installations."),
    );
  const place = preferredPlace(login, open) ?? onlyOne(open, places);
  if (!place)
    return orReturn({ kind: "choose", login, places }, "interaction_required", "The user must choose an installation.");

  const chosen = { ...login, installation: placeName(place), accountId: session.accountId };
  const mode = neededConsent(app, chosen, place);
  if (mode)
    return orReturn(
      { kind: "consent", login: chosen, place, mode },
      mode === "consent" ? "consent_required" : "interaction_required",
      "The user must be asked.",
    );
  return finish(deps, app, chosen, session, place, false);
}

/** The user's answer to the consent page. Asks again where the page was about something else by now. */
export async function decide(
  deps: Deps,
  app: App,
  login: Login,
  session: Session | undefined,
  allowed: boolean,
): Promise<Step> {
  if (!allowed)
    return returnStep(
      deps,
      login,
      { error: "access_denied", description: "The user refused." },
      { error: "access_denied", byUser: true },
    );
  if (!session || session.accountId !== login.accountId || !isFreshEnough(login, session))
    return nextStep(deps, app, login, session);
  const { all } = await findPlaces(deps, app, session.accountId);
  const place = all.find((one) => placeName(one) === login.installation && one.closed === undefined);
  if (!place) return nextStep(deps, app, login, session);
  return finish(deps, app, login, session, place, true);
}

export const returnError = (deps: Deps, login: Login, error: OAuthError): Step =>
  returnStep(deps, login, { error: error.code, description: error.description }, { error: error.code });

function returnStep(deps: Deps, login: Login, answer: Answer, ended: Ended): Step {
  const { redirectUri, state, clientId } = login.request;
  const uri = returnUri({ redirectUri, state, clientId, issuer: deps.config.url }, answer);
  return { kind: "return", login, uri, ended };
}

function mustPickAccount(login: Login, session: Session): boolean {
  if (!login.request.prompt.includes("select_account")) return false;
  return login.freshSession !== session.sessionHash && login.accountId !== session.accountId;
}

/** One installation needs no choice; but with a region missing, the one that is left may not be the one that is meant. */
const onlyOne = (open: readonly Place[], { unavailableRegions }: Places): Place | undefined =>
  open.length === 1 && unavailableRegions.length === 0 ? open[0] : undefined;

function neededConsent(app: App, { request }: Login, place: Place): "consent" | "confirm" | undefined {
  if (!app.trusted) {
    if (request.prompt.includes("consent")) return "consent";
    const given = place.consentedScopes;
    if (!given || request.scopes.some((scope) => !given.includes(scope))) return "consent";
  }
  // Any program on the device can claim a loopback port or a scheme and send its user here (RFC 8252 §8.6).
  if (app.kind === "public" && (isLoopback(request.redirectUri) || isPrivateScheme(request.redirectUri)))
    return "confirm";
  return undefined;
}

async function finish(
  deps: Deps,
  app: App,
  login: Login,
  session: Session,
  place: Place,
  consented: boolean,
): Promise<Step> {
  const code = await issueCode(deps, app, login, place, session.authenticatedAt, consented ? session : undefined);
  if (code === undefined)
    return returnError(
      deps,
      login,
      new OAuthError("access_denied", "The user's access to the installation has ended."),
    );
  return returnStep(deps, login, { code }, { region: place.region.name, installationId: place.installationId });
}

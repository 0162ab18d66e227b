import { may } from "../../domain/teams/policy.ts";
import { findOwnApp } from "../../domain/teams/team-apps.ts";
import { regionOfCode } from "../../domain/tokens/credentials.ts";
import { endTrialCode, findTrialCode } from "../../domain/trials/trial-code.ts";
import { endTrialLogin, openTrialLogin, trialRedirectUri } from "../../domain/trials/trial-login.ts";
import { changeTrial, findTrial, keepTrial, type Trial, trialName } from "../../domain/trials/trials.ts";
import * as words from "../../pages/errors/words.ts";
import { trialPopupPage } from "../../pages/portal/trial-popup.ts";
import { loginUrl, readCallback, type StartedLogin, startLogin } from "../app-side-login.ts";
import type { HttpContext } from "../context.ts";
import { browserId } from "../csrf.ts";
import { showError } from "../error-page.ts";
import { readQuery, requestTarget } from "../query.ts";
import { send } from "../talk.ts";
import { appHref } from "./app-scene.ts";
import type { AppScene, PageRoute, Scene } from "./page-route.ts";
import { testPeople, trialPage } from "./trial-page.ts";
import { ACTS, type Act, type Asked, actsNow, requestOf, withoutSecret } from "./trial-requests.ts";

const BASE = "/portal/apps/:client/try";

/**
 * "Try it": the five steps for real, against the app, by whoever makes it. Steps one to three are the login's own; from
 * there the portal asks in the app's name, by the same requests and the same doors.
 */
export const trialPages: readonly PageRoute[] = [
  {
    method: "GET",
    path: BASE,
    who: "app",
    action: "app.try",
    handle: async (c, scene) => c.html(await trialPage(c, scene)),
  },
  {
    method: "POST",
    path: BASE,
    who: "app",
    action: "app.try",
    async handle(c, scene) {
      const { deps, app, visitor, team, form } = scene;
      const mode = form.text("mode") ?? "";
      const person = (await testPeople(scene)).find(({ email }) => email === form.text("as"));
      const prompt = mode === "deny" ? "consent" : "";
      const asked = {
        prompt: [person ? "login" : "", prompt].filter(Boolean).join(" "),
        hint: person?.email ?? "",
        popup: mode === "popup",
      };
      const browser = browserId(c, deps);
      const who = { clientId: app.clientId, accountId: visitor.accountId };
      const bundle = await openTrialLogin(deps, team.region, browser, { ...who, ...asked });
      return c.redirect(startUrl(scene, app.clientId, startLogin(deps, browser, bundle), asked), 303);
    },
  },
  {
    method: "GET",
    path: "/portal/try/callback",
    who: "signed-in",
    async handle(c, scene) {
      const { deps, visitor } = scene;
      const browser = browserId(c, deps);
      const found = readCallback(deps, browser, readQuery(c));
      if (!found.login || ("problem" in found && !found.refused)) return nothingOfIt(c);
      const login = await endTrialLogin(deps, found.login.to, browser, visitor.accountId);
      const own = login && (await findOwnApp(deps, visitor, login.clientId));
      if (!login || !own || !may(own.team.role, "app.try")) return nothingOfIt(c);
      const { clientId, accountId, trialId, startedAt } = login;
      const region = deps.regions.find("code" in found ? (regionOfCode(found.code) ?? "") : login.region);
      const code = "code" in found && region ? await findTrialCode(region, found.code, login) : undefined;
      if (!region || ("code" in found && !code)) return nothingOfIt(c);
      await keepTrial<Asked>(deps, region, {
        ...{ trialId, clientId, accountId, codeVerifier: found.login.codeVerifier, asked: [] },
        start: { at: startedAt, url: startUrl(scene, clientId, found.login, login) },
        back: { at: region.now(), target: targetOf(c), ...("problem" in found && { problem: found.problem }) },
        ...(code && { code }),
      });
      const href = `/portal/apps/${clientId}/try/${trialName(region, trialId)}`;
      if (!login.popup) return c.redirect(href, 303);
      return c.html(trialPopupPage({ href }));
    },
  },
  {
    method: "GET",
    path: `${BASE}/:trial`,
    who: "app",
    action: "app.try",
    async handle(c, scene) {
      const found = await trialOf(c, scene);
      if (!found) return c.redirect(appHref(scene, "/try"), 303);
      return c.html(await trialPage(c, scene, { ...found, shown: readQuery(c).get("show") === "values" }));
    },
  },
  {
    method: "POST",
    path: `${BASE}/:trial`,
    who: "app",
    action: "app.try",
    async handle(c, scene) {
      const found = await trialOf(c, scene);
      if (!found) return c.redirect(appHref(scene, "/try"), 303);
      const act = ACTS.find((one) => one === scene.form.text("act"));
      const step = act === undefined ? "" : await ask(c, scene, found, act);
      return c.redirect(`${appHref(scene, `/try/${c.req.param("trial")}`)}${step}`, 303);
    },
  },
];

type Found = NonNullable<Awaited<ReturnType<typeof trialOf>>>;

const trialOf = (c: HttpContext, { deps, app, visitor }: AppScene) =>
  findTrial<Asked>(deps, c.req.param("trial") ?? "", { clientId: app.clientId, accountId: visitor.accountId });

/** Sends one request and keeps what came of it. It is noted before it is sent: a double click sends one. */
async function ask(c: HttpContext, scene: AppScene, found: Found, act: Act): Promise<string> {
  const { deps, app } = scene;
  const request = requestOf(deps, app, found.trial, act);
  const begun: Asked = { act, at: found.region.now(), request: withoutSecret(request) };
  const noted = await changeTrial<Asked>(deps, found, (trial) =>
    actsNow(deps, app, trial).includes(act) ? { ...trial, asked: [...trial.asked, begun] } : undefined,
  );
  if (!noted) return "";
  if (act === "expire" && noted.code) await endTrialCode(found.region, noted.trialId, noted.code.text);
  const startedAt = performance.now();
  const answer = await send(scene.ask, request, c.get("address"));
  const milliseconds = performance.now() - startedAt;
  const index = noted.asked.length - 1;
  await changeTrial<Asked>(deps, found, (trial) => answered(trial, index, { ...begun, milliseconds, answer }));
  return `#asked-${index}`;
}

function answered(trial: Trial<Asked>, index: number, done: Asked): Trial<Asked> {
  const late = done.act === "expire" && trial.code ? { code: { ...trial.code, expiresAt: done.at } } : {};
  return { ...trial, ...late, asked: trial.asked.map((one, at) => (at === index ? done : one)) };
}

/** Step one's address, as any app would make it. */
function startUrl(
  { deps }: Scene,
  clientId: string,
  login: StartedLogin,
  { prompt, hint }: { prompt: string; hint: string },
): string {
  const url = loginUrl(deps, { clientId, redirectUri: trialRedirectUri(deps) }, login);
  const more = new URLSearchParams({ ...(prompt && { prompt }), ...(hint && { login_hint: hint }) });
  return more.size === 0 ? url : `${url}&${more}`;
}

const targetOf = (c: HttpContext): string => requestTarget(c).replace(/^https?:\/\/[^/?#]*/, "");

const nothingOfIt = (c: HttpContext): Response => showError(c, 400, words.trialOver());

import { Hono } from "hono";
import type { Deps } from "../../deps.ts";
import { DEMO_APP_PATH, DEMO_CALLBACK_PATH, demoRedirectUri } from "../../domain/demo/demo-app.ts";
import { demoFile, readDemoFile } from "../../domain/demo/demo-file.ts";
import type { DemoWorld } from "../../domain/demo/demo-world.ts";
import { type DemoAppProps, demoAppPage, demoMissingPage } from "../../pages/demo/demo-app.ts";
import { loginUrl, readCallback, startLogin } from "../app-side-login.ts";
import { readForm } from "../body.ts";
import { requestHost } from "../client-address.ts";
import type { HttpContext, HttpEnv } from "../context.ts";
import { browserId, requireSameOrigin } from "../csrf.ts";
import { readQuery, requestTarget } from "../query.ts";
import { type Ask, requestText, send, talkOf } from "../talk.ts";
import { apiRequest, exchangeRequest, isDemoApi, openProgress, type Progress, sealProgress } from "./progress.ts";

/**
 * An app as anybody could write one, served beside the server it uses: it knows no more than its credential and speaks
 * to the server in requests alone, which its page shows.
 *
 * @param ask where its requests go: this very server, on whatever port the world sees it.
 */
export function demoAppRoutes(deps: Deps, ask: Ask): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  if (!deps.config.demo) return routes;

  routes.get(DEMO_APP_PATH, async (c) => {
    const world = await readDemoFile(deps);
    return world ? c.html(demoAppPage(startOf(deps, browserId(c, deps), world))) : showMissing(c, deps);
  });

  routes.get(`${DEMO_APP_PATH}/login`, async (c) => {
    const world = await readDemoFile(deps);
    if (!world) return showMissing(c, deps);
    // The user will come back to LATCHKEY_URL, with the cookies of its host: localhost is not 127.0.0.1.
    const { host } = new URL(deps.config.url);
    if (requestHost(c, deps.config) !== host) return c.redirect(deps.config.url + DEMO_APP_PATH, 303);
    return c.redirect(loginUrl(deps, appOf(deps, world), startLogin(deps, browserId(c, deps))), 303);
  });

  routes.get(DEMO_CALLBACK_PATH, async (c) => {
    const world = await readDemoFile(deps);
    if (!world) return showMissing(c, deps);
    const target = requestTarget(c).replace(/^https?:\/\/[^/?#]*/, "");
    const browser = browserId(c, deps);
    const found = readCallback(deps, browser, readQuery(c));
    if ("code" in found) return c.html(demoAppPage(propsOf(deps, browser, world, { ...found, target })));
    const callback = { request: callbackText(deps, target), problem: found.problem };
    return c.html(demoAppPage({ ...startOf(deps, browser, world, found.login), callback }), 400);
  });

  /** A form of the page above: sent from it, in the browser it was shown in. */
  const form = (path: string, act: (world: DemoWorld, progress: Progress) => Promise<Partial<Progress> | undefined>) =>
    routes.post(path, async (c) => {
      requireSameOrigin(c, deps);
      const browser = browserId(c, deps);
      const progress = openProgress(deps, browser, (await readForm(c)).text("progress"));
      const world = await readDemoFile(deps);
      if (!world) return showMissing(c, deps);
      const news = progress && (await act(world, progress));
      if (!progress || !news) return c.redirect(DEMO_APP_PATH, 303);
      return c.html(demoAppPage(propsOf(deps, browser, world, { ...progress, ...news })));
    });

  form(`${DEMO_APP_PATH}/exchange`, async (world, progress) => ({
    exchanged: await send(ask, exchangeRequest(deps, appOf(deps, world), progress)),
  }));

  form(`${DEMO_APP_PATH}/call`, async (_, progress) => {
    const request = apiRequest(progress);
    return request && isDemoApi(deps, request) ? { called: await send(ask, request) } : undefined;
  });

  return routes;
}

const showMissing = (c: HttpContext, deps: Deps) => c.html(demoMissingPage({ file: demoFile(deps) }), 503);

const appOf = (deps: Deps, { apps: [app] }: DemoWorld) => ({ ...app, redirectUri: demoRedirectUri(deps) });

/** What each login begins with; before one, a fresh one as an example, and who could log in. */
function startOf(deps: Deps, browser: string, world: DemoWorld, login = startLogin(deps, browser)): DemoAppProps {
  const names = new Map(world.installations.map(({ installation, name }) => [installation, name]));
  return {
    logins: world.users.map(({ email, password, installations }) => ({
      email,
      password,
      where: installations.map((one) => `${names.get(one) ?? ""} ${one}`).join(", "),
    })),
    start: {
      href: `${DEMO_APP_PATH}/login`,
      talk: talkOf({ method: "GET", url: loginUrl(deps, appOf(deps, world), login) }, demoFile(deps)),
    },
  };
}

/** The page of a login that came back well, as far as it has gone since. */
function propsOf(deps: Deps, browser: string, world: DemoWorld, progress: Progress): DemoAppProps {
  const { login, target, exchanged, called } = progress;
  const app = appOf(deps, world);
  const file = demoFile(deps);
  /** Ends at the step's own place on the page. */
  const form = (action: string) => ({
    action: `${DEMO_APP_PATH}/${action}`,
    hidden: { progress: sealProgress(deps, browser, progress) },
  });
  const call = apiRequest(progress);
  return {
    ...startOf(deps, browser, world, login),
    callback: { request: callbackText(deps, target) },
    exchange: {
      talk: talkOf(exchangeRequest(deps, app, progress), file, exchanged),
      ...(!exchanged && { form: form("exchange#step-4") }),
    },
    ...(call && {
      call: {
        talk: talkOf(call, file, called),
        ...(!called && isDemoApi(deps, call) && { form: form("call#step-5") }),
      },
    }),
  };
}

const callbackText = (deps: Deps, target: string) => requestText({ method: "GET", url: deps.config.url + target });

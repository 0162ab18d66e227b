import { originProblem } from "../../domain/apps/origins.ts";
import { matchesRegistered, redirectUriProblem } from "../../domain/apps/redirect-uri.ts";
import { isRefused, type Refused } from "../../domain/refused.ts";
import { changeTeamApp, type TeamAppChange } from "../../domain/teams/team-apps.ts";
import { nearestOf, slipBetween } from "../../pages/errors/difference.ts";
import { STALE } from "../../pages/portal/app-frame.ts";
import type { HttpContext } from "../context.ts";
import { readQuery } from "../query.ts";
import { appHref, seenVersion } from "./app-scene.ts";
import { credentials } from "./credentials-page.ts";
import { type Done, doneAt } from "./done.ts";
import { takeOnce } from "./once.ts";
import type { AppScene, PageRoute } from "./page-route.ts";

const BASE = "/portal/apps/:client/credentials";

export const credentialPages: readonly PageRoute[] = [
  {
    method: "GET",
    path: BASE,
    who: "app",
    action: "app.read",
    handle(c, scene) {
      const fresh = takeOnce(c, scene.deps, `${scene.visitor.accountId} ${scene.app.clientId}`);
      const add = readQuery(c).get("add");
      return c.html(credentials(c, scene, { fresh, ...(add !== undefined && { typed: { redirectUri: add } }) }));
    },
  },
  {
    method: "POST",
    path: `${BASE}/redirect-uris`,
    who: "app",
    action: "app.change",
    async handle(c, scene) {
      const { deps, app, form } = scene;
      const extension = form.text("extension")?.trim();
      const uri = extension === undefined ? (form.text("redirectUri") ?? "") : `https://${extension}.chromiumapp.org/`;
      const field = extension === undefined ? "redirectUri" : "extension";
      const problem =
        extension !== undefined && !/^[a-p]{32}$/.test(extension)
          ? "An extension’s id is 32 letters from a to p."
          : app.redirectUris.includes(uri)
            ? "It is registered already."
            : app.redirectUris.length >= LIST_MAX
              ? `At most ${LIST_MAX}.`
              : redirectUriProblem(uri, { plainHttp: deps.config.plainHttpRedirects });
      const typed = { [field]: extension ?? uri };
      if (problem !== undefined) return c.html(credentials(c, scene, { typed, problems: { [field]: problem } }), 422);
      return change(c, scene, { redirectUris: [...app.redirectUris, uri] }, "uri", typed);
    },
  },
  {
    method: "POST",
    path: `${BASE}/redirect-uris/remove`,
    who: "app",
    action: "app.change",
    handle(c, scene) {
      const uri = scene.form.text("uri");
      return change(c, scene, { redirectUris: scene.app.redirectUris.filter((one) => one !== uri) }, "uri-gone");
    },
  },
  {
    method: "POST",
    path: `${BASE}/origins`,
    who: "app",
    action: "app.change",
    async handle(c, scene) {
      const { app, form } = scene;
      const origin = (form.text("origin") ?? "").trim();
      const problem = app.allowedOrigins.includes(origin)
        ? "It is listed already."
        : app.allowedOrigins.length >= LIST_MAX
          ? `At most ${LIST_MAX}.`
          : originProblem(origin);
      if (problem !== undefined)
        return c.html(credentials(c, scene, { typed: { origin }, problems: { origin: problem } }), 422);
      return change(c, scene, { allowedOrigins: [...app.allowedOrigins, origin] }, "origin", { origin });
    },
  },
  {
    method: "POST",
    path: `${BASE}/origins/remove`,
    who: "app",
    action: "app.change",
    handle(c, scene) {
      const origin = scene.form.text("origin");
      const allowedOrigins = scene.app.allowedOrigins.filter((one) => one !== origin);
      return change(c, scene, { allowedOrigins }, "origin-gone");
    },
  },
  {
    method: "POST",
    path: `${BASE}/tokens`,
    who: "app",
    action: "app.change",
    handle(c, scene) {
      const [lifetime, tokens] = [scene.form.text("codeLifetimeSeconds") ?? "", scene.form.text("tokens") ?? ""];
      const typed = { codeLifetimeSeconds: lifetime, tokens };
      const seconds = /^\d{1,4}$/.test(lifetime) ? Number(lifetime) : 0;
      if (seconds < 60 || seconds > 900)
        return c.html(
          credentials(c, scene, { typed, problems: { codeLifetimeSeconds: "A whole number from 60 to 900." } }),
          422,
        );
      if (tokens !== "permanent" && tokens !== "expiring")
        return c.html(credentials(c, scene, { typed, problems: { tokens: "Choose one." } }), 422);
      return change(c, scene, { codeLifetimeSeconds: seconds, tokens }, "saved", typed);
    },
  },
  {
    method: "POST",
    path: `${BASE}/test`,
    who: "app",
    action: "app.read",
    handle(c, scene) {
      const received = scene.form.text("tested") ?? "";
      const matches = matchesRegistered(scene.app.redirectUris, received);
      const nearest = nearestOf(received, scene.app.redirectUris);
      const slip = nearest === undefined ? undefined : slipBetween(received, nearest);
      const problem = redirectUriProblem(received, { plainHttp: scene.deps.config.plainHttpRedirects });
      return c.html(credentials(c, scene, { uriTest: { received, matches, nearest, slip, problem } }));
    },
  },
];

/** Of redirect URIs and of origins. */
const LIST_MAX = 100;

async function change(
  c: HttpContext,
  scene: AppScene,
  wanted: TeamAppChange,
  done: Done,
  typed: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const { deps, visitor, app } = scene;
  const changed = await changeTeamApp(deps, visitor, app, seenVersion(scene), wanted);
  if (!isRefused(changed)) return c.redirect(doneAt(appHref(scene, "/credentials"), done), 303);
  const stored = "stale" in changed && wanted.tokens !== undefined;
  return c.html(
    credentials(c, scene, {
      typed,
      problems: problemsIn(changed),
      ...(stored && { storedTokens: app.tokens, storedLifetime: String(app.codeLifetimeSeconds) }),
    }),
    "stale" in changed ? 409 : 422,
  );
}

/** What the domain refused, for the page. */
export function problemsIn(refused: Refused, stale = STALE): Readonly<Record<string, string>> {
  if ("stale" in refused) return { form: stale };
  return "problems" in refused ? refused.problems : { form: refused.conflict };
}

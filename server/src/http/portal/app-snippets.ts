import { snippetsPage } from "../../pages/portal/app-snippets.ts";
import { snippetsFor } from "../../pages/snippets/snippets.ts";
import { appHref, frameOf } from "./app-scene.ts";
import { exampleUri } from "./credentials-page.ts";
import type { PageRoute } from "./page-route.ts";

export const snippetPages: readonly PageRoute[] = [
  {
    method: "GET",
    path: "/portal/apps/:client/snippets",
    who: "app",
    action: "app.read",
    handle(c, scene) {
      const { deps, app, teamApp } = scene;
      const [first] = app.redirectUris;
      const values = {
        url: deps.config.url,
        clientId: app.clientId,
        redirectUri: first ?? exampleUri(teamApp),
        confidential: app.kind === "confidential",
        origin: app.allowedOrigins[0],
      };
      return c.html(
        snippetsPage({
          ...frameOf(c, scene, "/snippets"),
          snippets: snippetsFor(teamApp.platform, values, app.redirectUris),
          registerHref: first === undefined ? appHref(scene, "/credentials") : undefined,
        }),
      );
    },
  },
];

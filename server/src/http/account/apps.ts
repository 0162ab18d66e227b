import type { Deps } from "../../deps.ts";
import {
  type ConnectedApp,
  disconnectApp,
  findConnectedApp,
  findConnectedApps,
} from "../../domain/accounts/connected-apps.ts";
import { readPlace } from "../../domain/login/memberships.ts";
import { isOpenId } from "../../domain/tokens/scopes.ts";
import { connectedAppsPage, endAccessPage } from "../../pages/account/apps.ts";
import * as words from "../../pages/errors/words.ts";
import type { HttpContext } from "../context.ts";
import { showError } from "../error-page.ts";
import type { PageRoute, Scene } from "../portal/page-route.ts";
import { csvOf } from "./csv.ts";
import { doneAt, noticeOf } from "./done.ts";

const PATH = "/account/apps";
const EXPORT = `${PATH}.csv`;
const ONE = `${PATH}/:place/:client`;

/** The apps that may act for one, and ending that. */
export const connectedAppPages: readonly PageRoute[] = [
  {
    method: "GET",
    path: PATH,
    who: "signed-in",
    async handle(c, { deps, visitor }) {
      const { found, unavailableRegions } = await findConnectedApps(deps, visitor);
      return c.html(
        connectedAppsPage({
          visitor,
          notice: noticeOf(c),
          apps: found.map((one) => ({ ...rowOf(deps, one), endHref: hrefOf(one) })),
          unavailableRegions,
          exportHref: EXPORT,
        }),
      );
    },
  },
  {
    method: "GET",
    path: EXPORT,
    who: "signed-in",
    async handle(c, { deps, visitor }) {
      const { found, unavailableRegions } = await findConnectedApps(deps, visitor);
      const missing = unavailableRegions.map((region) => [
        `Region ${region} did not answer: what is there is missing.`,
      ]);
      return c.body(csvOf([HEADINGS, ...found.map((one) => cellsOf(deps, one)), ...missing]), 200, {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": 'attachment; filename="connected-apps.csv"',
      });
    },
  },
  {
    method: "GET",
    path: ONE,
    who: "signed-in",
    async handle(c, scene) {
      const found = await connected(c, scene);
      if (!found) return showError(c, 404, words.notFound());
      const { deps, visitor, hidden } = scene;
      return c.html(endAccessPage({ visitor, app: rowOf(deps, found), form: { action: hrefOf(found), hidden } }));
    },
  },
  {
    method: "POST",
    path: ONE,
    who: "signed-in",
    async handle(c, scene) {
      const found = await connected(c, scene);
      // What is over already is as ended as can be: a form sent twice is no mistake.
      if (found) await disconnectApp(scene.deps, scene.visitor, found);
      return c.redirect(doneAt(PATH, "app"), 303);
    },
  },
];

async function connected(c: HttpContext, { deps, visitor }: Scene): Promise<ConnectedApp | undefined> {
  const place = readPlace(c.req.param("place"));
  return place && findConnectedApp(deps, visitor, place, c.req.param("client") ?? "");
}

const hrefOf = ({ region, installationId, clientId }: ConnectedApp) =>
  `${PATH}/${region}-${installationId}/${clientId}`;

const rowOf = (deps: Deps, one: ConnectedApp) => ({
  name: one.app?.name ?? "An app that was deleted",
  icon: one.app?.icon ?? "",
  publisher: one.publisher,
  installationName: one.installationName,
  region: one.region,
  scopes: inWords(deps, one.scopes),
  since: one.since,
  firstUsedAt: one.firstUsedAt,
  lastUsedAt: one.lastUsedAt,
});

const inWords = (deps: Deps, scopes: readonly string[]) =>
  scopes.filter((name) => !isOpenId(name)).map((name) => deps.apps.scopes().get(name) || name);

const HEADINGS = [
  "App",
  "Publisher",
  "Client ID",
  "Installation",
  "Region",
  "May",
  "Allowed",
  "First used",
  "Last used",
];

const cellsOf = (deps: Deps, one: ConnectedApp) => {
  const { name, publisher = "", installationName, region, scopes } = rowOf(deps, one);
  const place = `${region}-${one.installationId}`;
  return [
    name,
    publisher,
    one.clientId,
    `${installationName} (${place})`,
    region,
    scopes.join("; "),
    timeOf(one.since),
    timeOf(one.firstUsedAt),
    timeOf(one.lastUsedAt),
  ];
};

const timeOf = (at: number | undefined) => (at === undefined ? "" : new Date(at * 1000).toISOString());

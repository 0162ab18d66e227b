import type { App } from "../../domain/apps/registry.ts";
import { appsByStatus, scopeRequests } from "../../domain/operator/waiting.ts";
import { operatorAppsPage } from "../../pages/operator/apps.ts";
import type { PageRoute } from "../portal/page-route.ts";
import { readQuery } from "../query.ts";
import { frameOf } from "./frame.ts";

const SHOWN = 50;

const FILTERS = [
  ["waiting", "Waiting"],
  ["development", "In development"],
  ["changes_requested", "Changes requested"],
  ["live", "Live"],
  ["suspended", "Suspended"],
] as const;

export const appListPages: readonly PageRoute[] = [
  {
    method: "GET",
    path: "/operator/apps",
    who: "operator",
    async handle(c, scene) {
      const { deps } = scene;
      const query = readQuery(c);
      const chosen = FILTERS.find(([status]) => status === query.get("status"))?.[0] ?? "waiting";
      const after = query.get("after") ?? "";
      const byStatus = appsByStatus(deps);
      const { requests, unavailableRegions } = await scopeRequests(deps);
      const asking = (byStatus.get("live") ?? []).filter(({ clientId }) => requests.has(clientId));
      const of = (filter: (typeof FILTERS)[number][0]): readonly App[] =>
        filter === "waiting" ? [...(byStatus.get("submitted") ?? []), ...asking] : (byStatus.get(filter) ?? []);
      const listed = of(chosen);
      const from = listed.findIndex(({ clientId }) => clientId === after) + 1;
      const shown = listed.slice(from, from + SHOWN);
      const last = shown.at(-1);
      return c.html(
        operatorAppsPage({
          ...frameOf(c, scene, "apps"),
          filters: FILTERS.map(([status, label]) => ({
            label,
            href: `/operator/apps?status=${status}`,
            count: of(status).length,
            current: status === chosen,
          })),
          apps: shown.map((app) => ({
            name: app.name,
            icon: app.icon,
            clientId: app.clientId,
            status: app.status,
            href: `/operator/apps/${app.clientId}`,
            asksScopes: requests.has(app.clientId),
          })),
          unavailableRegions,
          nextHref:
            last && listed.length > from + SHOWN ? `/operator/apps?status=${chosen}&after=${last.clientId}` : undefined,
        }),
      );
    },
  },
];

import { type ErrorGroup, errorsOf, eventsOf, loginOf, type PlacedEvent } from "../../domain/timeline/read-timeline.ts";
import { type ErrorSummary, type LoggedEvent, loginTimelinePage, logListPage } from "../../pages/portal/logs.ts";
import { readQuery } from "../query.ts";
import { frameOf } from "./app-scene.ts";
import { remedyFor } from "./error-remedies.ts";
import type { AppScene, PageRoute } from "./page-route.ts";

const SHOWN = 100;

/** By their names in the address. */
export const RANGES: Readonly<Record<string, { label: string; seconds: number }>> = {
  hour: { label: "Last hour", seconds: 3_600 },
  day: { label: "Last 24 hours", seconds: 24 * 3_600 },
  week: { label: "Last 7 days", seconds: 7 * 24 * 3_600 },
  month: { label: "Last 30 days", seconds: 30 * 24 * 3_600 },
};

/** "Why did it fail?" */
export const logPages: readonly PageRoute[] = [
  {
    method: "GET",
    path: "/portal/apps/:client/logs",
    who: "app",
    action: "app.read",
    async handle(c, scene) {
      const { deps, app } = scene;
      const query = readQuery(c);
      const range = query.get("range") ?? "day";
      const result = query.get("result") ?? "";
      const region = deps.regions.find(query.get("region") ?? "")?.name ?? "";
      const installation = /^[1-9]\d{0,9}$/.test(query.get("installation") ?? "")
        ? (query.get("installation") ?? "")
        : "";
      const now = deps.now();
      const from = now - (RANGES[range] ?? { seconds: 24 * 3_600 }).seconds;
      const { clientId } = app;
      const filter = { clientId, from, until: now + 60, outcome: result, installationId: Number(installation), region };
      const [events, errors] = await Promise.all([eventsOf(deps, filter, SHOWN + 1), errorsOf(deps, clientId, from)]);
      return c.html(
        logListPage({
          ...frameOf(c, scene, "/logs"),
          unavailableRegions: events.unavailableRegions,
          filter: {
            action: `/portal/apps/${clientId}/logs`,
            result,
            region,
            installation,
            range,
            results: [...new Set(errors.items.map(({ outcome }) => outcome))],
            regions: deps.regions.all.map(({ name }) => name),
            ranges: Object.entries(RANGES).map(([value, { label }]) => ({ value, label })),
          },
          errors: errors.items.map((group) => summaryOf(scene, group)),
          events: events.items.slice(0, SHOWN).map((event) => shown(clientId, event)),
          more: events.items.length > SHOWN,
        }),
      );
    },
  },
  {
    method: "GET",
    path: "/portal/apps/:client/logs/:login",
    who: "app",
    action: "app.read",
    async handle(c, scene) {
      const { deps } = scene;
      const { clientId } = scene.app;
      const { items, unavailableRegions } = await loginOf(deps, clientId, c.req.param("login") ?? "");
      const logsHref = `/portal/apps/${clientId}/logs`;
      if (items.length === 0 && unavailableRegions.length === 0) return c.redirect(logsHref, 303);
      return c.html(
        loginTimelinePage({
          ...frameOf(c, scene, "/logs"),
          unavailableRegions,
          logsHref,
          events: items.map((event) => shown(clientId, event)),
        }),
      );
    },
  },
];

const shown = (clientId: string, event: PlacedEvent): LoggedEvent => ({
  ...event,
  href: event.loginId === "" ? undefined : `/portal/apps/${clientId}/logs/${event.loginId}`,
});

const summaryOf = ({ app }: AppScene, group: ErrorGroup): ErrorSummary => ({
  ...group,
  ...remedyFor(group, `/portal/apps/${app.clientId}`, app.redirectUris),
});

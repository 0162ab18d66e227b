import { grantsOf, hoursOf, type PlacedHour } from "../../domain/timeline/read-timeline.ts";
import { percentile95 } from "../../domain/timeline/timeline.ts";
import { chartsPage } from "../../pages/portal/charts.ts";
import { readQuery } from "../query.ts";
import { appTabs } from "./app-tabs.ts";
import { RANGES } from "./logs.ts";
import type { PageRoute } from "./page-route.ts";

const HOUR = 3_600;
const SHOWN_RANGES = ["day", "week", "month"];

/** How an app's logins go. */
export const chartPages: readonly PageRoute[] = [
  {
    method: "GET",
    path: "/portal/apps/:client/charts",
    who: "app",
    action: "app.read",
    async handle(c, { deps, app, visitor, team }) {
      const { clientId } = app;
      const asked = readQuery(c).get("range") ?? "day";
      const range = SHOWN_RANGES.includes(asked) ? asked : "day";
      const slots = slotsOf(deps.now(), range);
      const [hours, grants] = await Promise.all([
        hoursOf(deps, clientId, slots[0]?.from ?? 0, deps.now()),
        grantsOf(deps, clientId),
      ]);
      const sums = (metric: string) => slots.map(({ from, until }) => sumOf(hours.items, metric, from, until));
      const failed = slots.map(({ from, until }) =>
        sumOf(
          hours.items.filter(({ metric }) => EXCHANGE_ERRORS.has(metric)),
          undefined,
          from,
          until,
        ),
      );
      const labels = slots.map(({ from }) => labelOf(from, range));
      return c.html(
        chartsPage({
          visitor,
          tabs: appTabs(clientId, "/charts"),
          app: { name: app.name, teamId: team.teamId },
          ranges: SHOWN_RANGES.map((value) => ({
            label: RANGES[value]?.label ?? value,
            href: `/portal/apps/${clientId}/charts?range=${value}`,
            current: value === range,
          })),
          charts: [
            {
              title: "Logins started and finished",
              labels,
              series: [
                { tone: "second", label: "started", values: sums("started") },
                { tone: "first", label: "finished", values: sums("finished") },
              ],
            },
            {
              title: "Exchanges",
              labels,
              series: [
                { tone: "first", label: "answered", values: sums("exchanged") },
                { tone: "second", label: "refused", values: failed },
              ],
            },
          ],
          slowest: deps.regions.all.map(({ name }) => {
            const own = hours.items.filter(({ region }) => region === name);
            return { region: name, exchanges: sumOf(own, "exchanged"), p95: percentile95(own) };
          }),
          grants: grants.items,
          unavailableRegions: hours.unavailableRegions,
        }),
      );
    },
  },
];

/** Errors that only an exchange is answered with. */
const EXCHANGE_ERRORS = new Set(
  ["invalid_client", "invalid_grant", "origin_not_allowed", "unsupported_grant_type"].map((code) => `error:${code}`),
);

function slotsOf(now: number, range: string): { from: number; until: number }[] {
  const [seconds, count] = range === "day" ? [HOUR, 24] : [24 * HOUR, range === "week" ? 7 : 30];
  const last = now - (now % seconds);
  return Array.from({ length: count }, (_, index) => {
    const from = last - (count - 1 - index) * seconds;
    return { from, until: from + seconds };
  });
}

const sumOf = (hours: readonly PlacedHour[], metric: string | undefined, from = 0, until = Number.MAX_SAFE_INTEGER) =>
  hours
    .filter((one) => (metric === undefined || one.metric === metric) && one.hour >= from && one.hour < until)
    .reduce((sum, { amount }) => sum + amount, 0);

const labelOf = (at: number, range: string): string => {
  const iso = new Date(at * 1000).toISOString();
  return range === "day" ? iso.slice(11, 16) : iso.slice(5, 10);
};

import { grantsOf, hoursOf, type PlacedHour } from "../../domain/timeline/read-timeline.ts";
import { percentile95 } from "../../domain/timeline/timeline.ts";
import { chartsPage } from "../../pages/portal/charts.ts";
import { readQuery } from "../query.ts";
import { frameOf } from "./app-scene.ts";
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
    async handle(c, scene) {
      const { deps, app } = scene;
      const { clientId } = app;
      const asked = readQuery(c).get("range") ?? "day";
      const range = SHOWN_RANGES.includes(asked) ? asked : "day";
      const slots = slotsOf(deps.now(), range);
      const [hours, grants] = await Promise.all([
        hoursOf(deps, clientId, slots[0]?.from ?? 0, deps.now()),
        grantsOf(deps, clientId),
      ]);
      const sums = (metric: string) => slots.map(({ from, until }) => sumOf(hours.items, metric, from, until));
      const refused = hours.items.filter(({ metric }) => metric.startsWith(REFUSED));
      const failed = slots.map(({ from, until }) => sumOf(refused, undefined, from, until));
      const labels = slots.map(({ from }) => labelOf(from, range));
      return c.html(
        chartsPage({
          ...frameOf(c, scene, "/charts"),
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
          tables: [
            {
              title: "Exchanges by result",
              columns: ["Result", "Exchanges"],
              rows: [
                { label: "ok", value: sumOf(hours.items, "exchanged") },
                ...[...new Set(refused.map(({ metric }) => metric))].map((metric) => ({
                  label: metric.slice(REFUSED.length),
                  value: sumOf(refused, metric),
                  tone: "second" as const,
                })),
              ],
            },
            {
              title: "How fast exchanges are answered",
              columns: ["Region", "95 of 100 within"],
              rows: deps.regions.all.map(({ name }) => ({
                label: name,
                ...percentile95(hours.items.filter(({ region }) => region === name)),
              })),
            },
            {
              title: "Active grants",
              words: "Tokens that are valid now: one for each login whose code was exchanged, until it is revoked.",
              columns: ["Region", "Tokens"],
              rows: grants.items.map(({ region, active }) => ({ label: region, value: active })),
            },
          ],
          unavailableRegions: hours.unavailableRegions,
        }),
      );
    },
  },
];

/** Then comes the error that an exchange was answered with. */
const REFUSED = "refused:";

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

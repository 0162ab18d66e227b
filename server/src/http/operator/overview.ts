import type { Deps } from "../../deps.ts";
import { appsByStatus, scopeRequests } from "../../domain/operator/waiting.ts";
import { checkDatabases } from "../../domain/regions/health.ts";
import { operatorOverviewPage } from "../../pages/operator/overview.ts";
import type { PageRoute } from "../portal/page-route.ts";
import { frameOf } from "./frame.ts";

export const overviewPages: readonly PageRoute[] = [
  {
    method: "GET",
    path: "/operator",
    who: "operator",
    async handle(c, scene) {
      const { deps } = scene;
      const [{ directory, regions }, moves, asked] = await Promise.all([
        checkDatabases(deps),
        movesUnderWay(deps),
        scopeRequests(deps),
      ]);
      return c.html(
        operatorOverviewPage({
          ...frameOf(c, scene, "overview"),
          databases: [
            { name: "Directory", up: directory === "up" },
            ...regions.map(({ name, state }) => ({
              name: `Region ${name}`,
              up: state === "up",
              href: `/operator/regions/${name}`,
            })),
          ],
          moves,
          waiting: {
            apps: appsByStatus(deps).get("submitted")?.length ?? 0,
            scopes: asked.requests.size,
            href: "/operator/apps",
          },
        }),
      );
    },
  },
];

/** `undefined` while the directory does not answer. */
async function movesUnderWay(deps: Deps) {
  try {
    const moves = await deps.directory.moves.unfinished();
    return moves.map(({ kind, subject, fromRegion, toRegion, ...move }) => ({
      ...move,
      what: kind === "installation" ? `Installation ${subject}` : `Account ${subject}`,
      from: fromRegion,
      to: toRegion,
    }));
  } catch (error) {
    deps.log.warn({ err: error }, "moves cannot be shown");
    return undefined;
  }
}

import { Hono } from "hono";
import type { Deps } from "../deps.ts";
import { checkDatabases } from "../domain/regions/health.ts";
import type { HttpEnv } from "./context.ts";

/** What load balancers ask (wire section 9). */
export function healthRoutes(deps: Deps): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();

  routes.get("/health/live", (c) => c.json({ status: "ok" }));

  routes.get("/health/ready", async (c) => {
    const { directory, regions } = await checkDatabases(deps);
    // One lost region costs only what lives there, and a lost directory next to nothing where the apps are known.
    const ready = !deps.stopping.aborted && deps.apps.isLoaded() && regions.some((region) => region.state === "up");
    const status = deps.stopping.aborted ? "stopping" : ready ? "ok" : "unavailable";
    return c.json({ status, directory, regions }, ready ? 200 : 503);
  });

  return routes;
}

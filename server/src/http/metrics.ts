import { Hono } from "hono";
import type { Deps } from "../deps.ts";
import { checkDatabases } from "../domain/regions/health.ts";
import { isTrustedPeer } from "./client-address.ts";
import type { HttpEnv } from "./context.ts";
import { headerOf } from "./headers.ts";

/** Prometheus, for this machine and the trusted proxies only (wire section 9); for everybody else there is nothing here. */
export function metricsRoutes(deps: Deps): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  routes.get("/metrics", async (c) => {
    // A proxy that forwards the world's requests sends the world's address along; then it is not the proxy that asks.
    if (!isTrustedPeer(c, deps.config) || headerOf(c, "x-forwarded-for") !== undefined) return c.notFound();
    const { directory, regions } = await checkDatabases(deps);
    const up = Object.fromEntries(regions.map(({ name, state }) => [name, state === "up"]));
    const { contentType, text } = await deps.metrics.exposition({ directory: directory === "up", ...up });
    return c.body(text, 200, { "content-type": contentType });
  });
  return routes;
}

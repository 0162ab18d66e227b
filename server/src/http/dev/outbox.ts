import { Hono } from "hono";
import type { Deps } from "../../deps.ts";
import { devOutbox } from "../../domain/mail/outbox.ts";
import { mailPage, outboxPage } from "../../pages/dev/outbox.ts";
import { requestHost } from "../client-address.ts";
import type { HttpContext, HttpEnv } from "../context.ts";

/**
 * The mails a developer's server did not send. They hold links that log people in, so they are shown outside production
 * only, and only where no mail server is set.
 */
export function outboxRoutes(deps: Deps): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  const outbox = devOutbox(deps);
  if (!outbox) return routes;

  routes.get("/dev/outbox", async (c) => {
    if (!isNearby(c, deps)) return c.notFound();
    const mails = await outbox.list();
    return c.html(outboxPage({ mails: mails.map(({ outboxId, ...mail }) => ({ ...mail, id: outboxId })) }));
  });

  routes.get("/dev/outbox/:id", async (c) => {
    const mail = isNearby(c, deps) ? await outbox.find(c.req.param("id")) : undefined;
    if (!mail) return c.notFound();
    return c.html(mailPage({ ...mail, links: mail.text.match(/https?:\/\/\S+/g) ?? [] }));
  });

  return routes;
}

/** Where whoever asks can read the mail that they wait for; `undefined` where mails are sent. */
export const outboxPath = (c: HttpContext, deps: Deps): string | undefined =>
  devOutbox(deps) && isNearby(c, deps) ? "/dev/outbox" : undefined;

/**
 * Whether the one who asks sits at this machine. In a container requests come from the container's gateway, so where
 * `LATCHKEY_URL` itself is loopback the sender's address is not asked for: such a server is nobody else's. The Host
 * must fit in any case, else a web page could read the outbox by pointing its own name at 127.0.0.1 (DNS rebinding).
 */
function isNearby(c: HttpContext, { config }: Deps): boolean {
  const own = new URL(config.url);
  const host = hostnameOf(requestHost(c, config));
  if (!LOOPBACK_HOSTS.has(host) && host !== own.hostname) return false;
  const address = c.get("address");
  return LOOPBACK_HOSTS.has(own.hostname) || address === "::1" || address.startsWith("127.");
}

const LOOPBACK_HOSTS = new Set(["localhost", "127.0.0.1", "[::1]"]);
const hostnameOf = (host: string) => host.replace(/:\d+$/, "");

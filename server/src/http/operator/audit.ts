import { auditBefore } from "../../domain/audit.ts";
import { isUnavailable } from "../../domain/unavailable.ts";
import { operatorAuditPage } from "../../pages/operator/audit.ts";
import type { PageRoute } from "../portal/page-route.ts";
import { readQuery } from "../query.ts";
import { frameOf } from "./frame.ts";

const SHOWN = 50;
const LATEST = { at: Number.MAX_SAFE_INTEGER, auditId: "" };

export const auditPages: readonly PageRoute[] = [
  {
    method: "GET",
    path: "/operator/audit",
    who: "operator",
    async handle(c, scene) {
      const { deps } = scene;
      const query = readQuery(c);
      const region = deps.regions.find(query.get("log") ?? "")?.name;
      const [, at, auditId = ""] = /^(\d{1,12})\.([\da-f]{32})$/.exec(query.get("before") ?? "") ?? [];
      const before = at === undefined ? LATEST : { at: Number(at), auditId };
      const entries = await auditBefore(deps, region, before, SHOWN + 1).catch((error: unknown) => {
        if (isUnavailable(error)) return "unavailable" as const;
        throw error;
      });
      const hrefOf = (log: string | undefined) => `/operator/audit?log=${log ?? "directory"}`;
      const last = entries === "unavailable" ? undefined : entries[SHOWN - 1];
      return c.html(
        operatorAuditPage({
          ...frameOf(c, scene, "audit"),
          logs: [undefined, ...deps.regions.all.map(({ name }) => name)].map((name) => ({
            label: name === undefined ? "Directory" : `Region ${name}`,
            href: hrefOf(name),
            current: name === region,
          })),
          entries:
            entries === "unavailable"
              ? entries
              : entries.slice(0, SHOWN).map(({ detail, ...entry }) => ({ ...entry, detail: textOf(detail) })),
          olderHref:
            entries !== "unavailable" && entries.length > SHOWN && last
              ? `${hrefOf(region)}&before=${last.at}.${last.auditId}`
              : undefined,
        }),
      );
    },
  },
];

/** `fields: name, scopes` */
const textOf = (detail: Readonly<Record<string, unknown>>): string =>
  Object.entries(detail)
    .map(
      ([name, value]) =>
        `${name}: ${Array.isArray(value) ? value.join(", ") : typeof value === "object" ? JSON.stringify(value) : String(value)}`,
    )
    .join("; ");

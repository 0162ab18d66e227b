import { z } from "zod";
import { auditPage } from "../../domain/audit.ts";
import { collection } from "./collection.ts";
import { time } from "./fields.ts";

type Entry = Awaited<ReturnType<typeof auditPage>>[number];

const present = ({ auditId, at, region, actor, action, target, detail }: Entry) => ({
  id: auditId,
  at,
  region,
  actor,
  action,
  target,
  detail,
});

/** Who did what, of the directory and all regions, oldest first. */
export const audit = collection({
  path: "/audit",
  noun: "audit entry",
  key: "position",
  view: z.object({
    id: z.string(),
    at: time,
    region: z.string().nullable(),
    actor: z.string(),
    action: z.string(),
    target: z.string(),
    detail: z.record(z.string(), z.unknown()),
  }),
  present,
  keyOf: ({ at, auditId }) => `${at}.${auditId}`,
  scope: async () => ({}),
  list(deps, _scope, after, limit) {
    const [at = "0", auditId = ""] = after.split(".");
    return auditPage(deps, { at: Number(at), auditId }, limit);
  },
});

import { z } from "zod";
import { findApp } from "../../domain/apps/manage-apps.ts";
import type { App, AppSecret } from "../../domain/apps/registry.ts";
import { addAppSecret, deleteAppSecret } from "../../domain/apps/secrets.ts";
import { isRefused } from "../../domain/refused.ts";
import { collection, OPERATOR } from "./collection.ts";
import { text, time } from "./fields.ts";

const body = z.strictObject({ name: text(200).default(""), expiresAt: time.nullable().default(null) });

const present = ({ secretId, name, hint, createdAt, expiresAt, lastUsedAt }: AppSecret) => ({
  id: secretId,
  name,
  hint,
  createdAt,
  expiresAt,
  lastUsedAt,
});

/** An app's secrets; several live at once, so that one can be replaced without a pause. */
export const appSecrets = collection({
  path: "/apps/{clientId}/secrets",
  member: "secretId",
  noun: "secret",
  key: "hash",
  view: z.object({
    id: z.string(),
    name: z.string(),
    hint: z.string(),
    createdAt: time,
    expiresAt: time.nullable(),
    lastUsedAt: time.nullable(),
  }),
  present,
  keyOf: (secret: AppSecret) => secret.secretId,
  scope: (deps, { clientId = "" }): Promise<App | undefined> => findApp(deps, clientId),
  list: async (_deps, app, after, limit) => app.secrets.filter(({ secretId }) => secretId > after).slice(0, limit),
  find: async (_deps, app, secretId) => app.secrets.find((secret) => secret.secretId === secretId),
  create: {
    body,
    once: z.object({ clientSecret: z.string() }),
    async run(deps, app, draft) {
      const result = await addAppSecret(deps, app, draft, OPERATOR);
      if (isRefused(result)) return result;
      return { item: result.secret, once: { clientSecret: result.clientSecret } };
    },
  },
  remove: async (deps, app, _secretId, secret) => secret !== undefined && deleteAppSecret(deps, app, secret, OPERATOR),
});

import { z } from "zod";
import { ICON_LENGTH_MAX } from "../../domain/apps/icon.ts";
import { appsAfter, changeApp, deleteApp, findApp, registerApp } from "../../domain/apps/manage-apps.ts";
import type { App } from "../../domain/apps/registry.ts";
import { isRefused } from "../../domain/refused.ts";
import { noteStatus, ownerOf } from "../../domain/teams/decisions.ts";
import { forgetTeamApp } from "../../domain/teams/team-apps.ts";
import { collection, OPERATOR } from "./collection.ts";
import { address, id, list, name, text, times } from "./fields.ts";

const profile = z.strictObject({
  name,
  status: z.enum(["live", "development", "submitted", "changes_requested", "suspended"]).default("live"),
  redirectUris: list(address).min(1, "Give at least one."),
  allowedOrigins: list(text(300)).default([]),
  scopes: list(text(64)).default([]),
  testInstallations: list(id).default([]),
  tokens: z.enum(["permanent", "expiring"]).default("permanent"),
  codeLifetimeSeconds: z.int().min(60).max(900).default(900),
  trusted: z.boolean().default(false),
  pkceCompat: z.boolean().default(false),
  idTokenSignedResponseAlg: z.enum(["RS256", "ES256"]).default("RS256"),
  icon: text(ICON_LENGTH_MAX).default(""),
  url: address.default(""),
  description: text(2_000).default(""),
});
const kind = z.enum(["confidential", "public"]);

export const presentApp = (app: App) => ({
  clientId: app.clientId,
  name: app.name,
  kind: app.kind,
  status: app.status,
  redirectUris: app.redirectUris,
  allowedOrigins: app.allowedOrigins,
  scopes: app.scopes,
  testInstallations: app.testInstallations,
  tokens: app.tokens,
  codeLifetimeSeconds: app.codeLifetimeSeconds,
  trusted: app.trusted,
  pkceCompat: app.pkceCompat,
  idTokenSignedResponseAlg: app.idTokenSignedResponseAlg,
  icon: app.icon,
  url: app.url,
  description: app.description,
  createdAt: app.createdAt,
  updatedAt: app.updatedAt,
});

export const apps = collection({
  path: "/apps",
  member: "clientId",
  noun: "app",
  key: "hash",
  view: z.object({ clientId: z.string(), kind, ...profile.shape, ...times }),
  present: presentApp,
  keyOf: (app: App) => app.clientId,
  scope: async () => ({}),
  list: (deps, _scope, after, limit) => appsAfter(deps, after, limit),
  find: (deps, _scope, clientId) => findApp(deps, clientId),
  create: {
    body: profile.extend({ kind: kind.default("confidential") }),
    once: z.object({ clientSecret: z.string().optional() }),
    async run(deps, _scope, body) {
      const result = await registerApp(deps, body, OPERATOR);
      if (isRefused(result)) return result;
      const { app, clientSecret } = result;
      return { item: app, once: clientSecret === undefined ? {} : { clientSecret } };
    },
  },
  change: {
    body: profile,
    async run(deps, _scope, app, body) {
      const result = await changeApp(deps, app, body, OPERATOR);
      if (isRefused(result)) return result;
      await noteStatus(deps, app, result.app, OPERATOR);
      return { item: result.app };
    },
  },
  async remove(deps, _scope, _clientId, app) {
    const deleted = app !== undefined && (await deleteApp(deps, app, OPERATOR));
    const owner = deleted ? await ownerOf(deps, app.clientId) : undefined;
    if (owner) await forgetTeamApp(deps, owner.teamApp);
    return deleted;
  },
});

import { randomBytes } from "node:crypto";
import type { Deps } from "../../deps.ts";
import type { App } from "../../store/directory/apps.ts";
import { auditEntry, changedFields } from "../audit.ts";
import type { Refused } from "../refused.ts";
import { type AppDraft, appProblems } from "./app-rules.ts";
import { newAppSecret } from "./secrets.ts";

export const findApp = (deps: Deps, clientId: string) => deps.directory.apps.find(clientId);

/** Apps in the order of their client ids, after the one given. */
export const appsAfter = (deps: Deps, clientId: string, limit: number) => deps.directory.apps.page(clientId, limit);

export const newClientId = (): string => randomBytes(20).toString("hex");

/** A new app. Its secret is in no other answer; a public app has none. */
export async function registerApp(
  deps: Deps,
  draft: AppDraft,
  actor: string,
  clientId = newClientId(),
): Promise<{ app: App; clientSecret?: string } | Refused> {
  const problems = appProblems(deps, draft);
  if (problems) return { problems };
  const now = deps.now();
  const first = draft.kind === "public" ? undefined : newAppSecret({ name: "", expiresAt: null }, now);
  const app: App = {
    ...draft,
    clientId,
    createdAt: now,
    updatedAt: now,
    version: 1,
    secrets: first ? [first.secret] : [],
  };
  await deps.directory.apps.register(app, auditEntry(actor, "app.register", app.clientId, now, { kind: app.kind }));
  await deps.apps.refresh();
  return first ? { app, clientSecret: first.clientSecret } : { app };
}

/** The app as it is to be. `kind` stays: what a confidential app's secret protected, no verifier ever proved. */
export async function changeApp(
  deps: Deps,
  app: App,
  draft: Omit<AppDraft, "kind">,
  actor: string,
): Promise<{ app: App } | Refused> {
  const now = deps.now();
  const changed: App = { ...app, ...draft, updatedAt: now };
  const problems = appProblems(deps, changed);
  if (problems) return { problems };
  const fields = changedFields(app, { ...changed, updatedAt: app.updatedAt });
  const entry = auditEntry(actor, "app.change", app.clientId, now, { fields });
  if (!(await deps.directory.apps.change(changed, entry))) return { stale: true };
  await deps.apps.refresh();
  return { app: { ...changed, version: app.version + 1 } };
}

/** Its tokens end with it everywhere, for a token of an unknown app is inactive. False when it was gone already. */
export async function deleteApp(deps: Deps, app: App, actor: string): Promise<boolean> {
  const entry = auditEntry(actor, "app.delete", app.clientId, deps.now());
  const deleted = await deps.directory.apps.remove(app.clientId, entry);
  await deps.apps.refresh();
  return deleted;
}

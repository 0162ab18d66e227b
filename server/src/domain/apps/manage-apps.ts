import { randomBytes } from "node:crypto";
import type { Deps } from "../../deps.ts";
import type { App, AppStatus } from "../../store/directory/apps.ts";
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
  await deps.apps.showOwnWrite();
  return first ? { app, clientSecret: first.clientSecret } : { app };
}

/** The app as it is to be. `kind` stays: what a confidential app's secret protected, no verifier ever proved. */
export async function changeApp(
  deps: Deps,
  app: App,
  draft: Omit<AppDraft, "kind">,
  actor: string,
): Promise<{ app: App } | Refused> {
  const changed: App = { ...app, ...draft };
  const problems = appProblems(deps, changed);
  return problems ? { problems } : write(deps, app, changed, actor);
}

/** The app in another status, whether or not the rest of it would be accepted today. */
export const setAppStatus = (deps: Deps, app: App, status: AppStatus, actor: string): Promise<{ app: App } | Refused> =>
  write(deps, app, { ...app, status }, actor);

async function write(deps: Deps, app: App, changed: App, actor: string): Promise<{ app: App } | Refused> {
  const now = deps.now();
  const detail = {
    fields: changedFields(app, changed),
    ...(changed.status !== app.status && { from: app.status, to: changed.status }),
  };
  const entry = auditEntry(actor, actionOf(app.status, changed.status), app.clientId, now, detail);
  const written = { ...changed, updatedAt: now };
  if (!(await deps.directory.apps.change(written, entry))) return { stale: true };
  await deps.apps.showOwnWrite();
  return { app: { ...written, version: app.version + 1 } };
}

/** What the audit log calls it: where the status changes, that is what matters. */
function actionOf(before: AppStatus, after: AppStatus): string {
  if (before === after) return "app.change";
  if (after === "suspended") return "app.suspend";
  if (before === "suspended") return "app.resume";
  if (after === "submitted") return "app.submit";
  return before === "submitted" && after === "development" ? "app.withdraw" : "app.review";
}

/** Its tokens end with it everywhere, for a token of an unknown app is inactive. False when it was gone already. */
export async function deleteApp(deps: Deps, app: App, actor: string): Promise<boolean> {
  const entry = auditEntry(actor, "app.delete", app.clientId, deps.now());
  const deleted = await deps.directory.apps.remove(app.clientId, entry);
  await deps.apps.showOwnWrite();
  return deleted;
}

import type { Deps } from "../../deps.ts";
import type { Scope } from "../../store/directory/scopes.ts";
import { auditEntry } from "../audit.ts";
import type { Refused } from "../refused.ts";
import { OPENID_SCOPES } from "../tokens/scopes.ts";

/** Every app may ask for them, none needs to register them. */
export const BUILT_IN_SCOPES: ReadonlySet<string> = new Set(OPENID_SCOPES);

/** A scope-token (RFC 6749 §3.3) without the comma, which separates scopes in the guide's addresses. */
const NAME = /^[a-z\d](?:[a-z\d._:/-]{0,62}[a-z\d])?$/i;

export const findScope = (deps: Deps, name: string) => deps.directory.scopes.find(name);

/** Scopes in the order of their names, after the one given. */
export const scopesAfter = (deps: Deps, name: string, limit: number) => deps.directory.scopes.page(name, limit);

export async function addScope(
  deps: Deps,
  { name, description }: Pick<Scope, "name" | "description">,
  actor: string,
): Promise<{ scope: Scope } | Refused> {
  if (!NAME.test(name)) return { problems: { name: "Use 1 to 64 letters, digits and . _ : / - between them." } };
  if (BUILT_IN_SCOPES.has(name)) return { conflict: `${name} is built in.` };
  const now = deps.now();
  const scope: Scope = { name, description, createdAt: now, updatedAt: now, version: 1 };
  if (!(await deps.directory.scopes.add(scope, auditEntry(actor, "scope.add", name, now))))
    return { conflict: `There is a scope ${name} already.` };
  await deps.apps.showOwnWrite();
  return { scope };
}

export async function changeScope(
  deps: Deps,
  scope: Scope,
  description: string,
  actor: string,
): Promise<{ scope: Scope } | Refused> {
  const now = deps.now();
  const changed: Scope = { ...scope, description, updatedAt: now };
  const entry = auditEntry(actor, "scope.change", scope.name, now, { fields: ["description"] });
  if (!(await deps.directory.scopes.change(changed, entry))) return { stale: true };
  await deps.apps.showOwnWrite();
  return { scope: { ...changed, version: scope.version + 1 } };
}

/** Refused while an app has it: what its tokens allow must not change its name in passing. */
export async function deleteScope(deps: Deps, scope: Scope, actor: string): Promise<{ deleted: boolean } | Refused> {
  for (const app of deps.apps.all())
    if (app.scopes.includes(scope.name)) return { conflict: `The app ${app.clientId} has this scope.` };
  const deleted = await deps.directory.scopes.remove(
    scope.name,
    auditEntry(actor, "scope.delete", scope.name, deps.now()),
  );
  await deps.apps.showOwnWrite();
  return { deleted };
}

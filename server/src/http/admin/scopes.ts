import { z } from "zod";
import type { Scope } from "../../domain/apps/registry.ts";
import { addScope, changeScope, deleteScope, findScope, scopesAfter } from "../../domain/apps/scopes.ts";
import { isRefused } from "../../domain/refused.ts";
import { collection, OPERATOR } from "./collection.ts";
import { text, times } from "./fields.ts";

const profile = z.strictObject({ description: text(500) });

const present = ({ name, description, createdAt, updatedAt }: Scope) => ({ name, description, createdAt, updatedAt });

/** What apps may ask for, in the words that the consent page shows. */
export const scopes = collection({
  path: "/scopes",
  member: "name",
  noun: "scope",
  key: "name",
  view: z.object({ name: z.string(), ...profile.shape, ...times }),
  present,
  keyOf: (scope: Scope) => scope.name,
  scope: async () => ({}),
  list: (deps, _scope, after, limit) => scopesAfter(deps, after, limit),
  find: (deps, _scope, name) => findScope(deps, name),
  create: {
    body: profile.extend({ name: text(64) }),
    async run(deps, _scope, draft) {
      const result = await addScope(deps, draft, OPERATOR);
      return isRefused(result) ? result : { item: result.scope };
    },
  },
  change: {
    body: profile,
    async run(deps, _scope, scope, { description }) {
      const result = await changeScope(deps, scope, description, OPERATOR);
      return isRefused(result) ? result : { item: result.scope };
    },
  },
  async remove(deps, _scope, _name, scope) {
    if (scope === undefined) return false;
    const result = await deleteScope(deps, scope, OPERATOR);
    return isRefused(result) ? result : result.deleted;
  },
});

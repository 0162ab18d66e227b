import { z } from "zod";
import {
  apiCredentialsAfter,
  changeApiCredential,
  deleteApiCredential,
  findApiCredential,
  issueApiCredential,
} from "../../domain/apps/api-credentials.ts";
import type { ApiCredential } from "../../domain/apps/registry.ts";
import { isRefused } from "../../domain/refused.ts";
import { collection, OPERATOR } from "./collection.ts";
import { list, name, text, times } from "./fields.ts";

const body = z.strictObject({ name, regions: list(text(16)).default([]) });

const present = ({ credentialId, name, regions, hint, createdAt, updatedAt }: ApiCredential) => ({
  id: credentialId,
  name,
  regions,
  hint,
  createdAt,
  updatedAt,
});

/** What the company's own APIs show for introspection and the feed of revocations. */
export const apiCredentials = collection({
  path: "/api-credentials",
  member: "credentialId",
  noun: "API credential",
  key: "hash",
  view: z.object({ id: z.string(), ...body.shape, hint: z.string(), ...times }),
  present,
  keyOf: (credential: ApiCredential) => credential.credentialId,
  scope: async () => ({}),
  list: (deps, _scope, after, limit) => apiCredentialsAfter(deps, after, limit),
  find: (deps, _scope, credentialId) => findApiCredential(deps, credentialId),
  create: {
    body,
    once: z.object({ secret: z.string() }),
    async run(deps, _scope, draft) {
      const result = await issueApiCredential(deps, draft, OPERATOR);
      return isRefused(result) ? result : { item: result.credential, once: { secret: result.secret } };
    },
  },
  change: {
    body,
    async run(deps, _scope, credential, draft) {
      const result = await changeApiCredential(deps, credential, draft, OPERATOR);
      return isRefused(result) ? result : { item: result.credential };
    },
  },
  remove: async (deps, _scope, _id, credential) =>
    credential !== undefined && deleteApiCredential(deps, credential, OPERATOR),
});

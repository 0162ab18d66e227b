import { z } from "zod";
import type { Deps } from "../../deps.ts";
import { findInstallation, type Installation } from "../../domain/installations/manage-installations.ts";
import {
  changeUser,
  createUser,
  deleteUser,
  findUser,
  type User,
  usersAfter,
} from "../../domain/installations/manage-users.ts";
import { isRefused } from "../../domain/refused.ts";
import type { Region } from "../../domain/regions/regions.ts";
import { collection, OPERATOR, type PathParams } from "./collection.ts";
import { address, company, companyView, id, text, times } from "./fields.ts";
import { companyOf, requireNotMoved } from "./installations.ts";
import { isKey } from "./paging.ts";

const profile = z.strictObject({
  firstName: text(200),
  lastName: text(200),
  avatar: address.default(""),
  company: company.optional(),
  role: z.enum(["member", "admin"]).default("member"),
});
const change = profile.extend({ disabled: z.boolean().default(false) });
const create = profile.extend({
  email: text(300),
  /** No rules but a length: the operator takes over passwords that people have. */
  password: z.string().min(1, "It must not be empty.").max(1_024, "At most 1024 characters.").optional(),
  passwordHash: text(500).optional(),
});

interface Place {
  region: Region;
  installation: Installation;
}

/** The installation that a path names. */
export async function placeOf(deps: Deps, params: PathParams): Promise<Place | undefined> {
  const { region: name = "", installationId = "" } = params;
  const region = deps.regions.find(name);
  if (!region || !isKey("id", installationId)) return undefined;
  const installation = await findInstallation(region, Number(installationId));
  if (!installation) requireNotMoved(deps, region, Number(installationId));
  return installation && { region, installation };
}

const present = (user: User, { region }: Place) => ({
  id: user.userId,
  installationId: user.installationId,
  region: region.name,
  email: user.email,
  firstName: user.firstName,
  lastName: user.lastName,
  avatar: user.avatar,
  company: user.company,
  role: user.role,
  disabled: user.disabled,
  joined: user.joined,
  createdAt: user.createdAt,
  updatedAt: user.updatedAt,
});

export const users = collection({
  path: "/regions/{region}/installations/{installationId}/users",
  member: "userId",
  noun: "user",
  key: "id",
  view: z.object({
    id,
    installationId: id,
    region: z.string(),
    email: z.string(),
    ...change.shape,
    company: companyView,
    joined: z.boolean(),
    ...times,
  }),
  present,
  keyOf: (user: User) => String(user.userId),
  scope: placeOf,
  list: (_deps, { region, installation }, after, limit) => usersAfter(region, installation, Number(after), limit),
  find: (_deps, { region, installation }, userId) => findUser(region, installation, Number(userId)),
  create: {
    body: create,
    async run(deps, { region, installation }, { company, password, passwordHash, ...rest }) {
      const draft = {
        ...rest,
        disabled: false,
        ...(company && { company: companyOf(company) }),
        ...(password !== undefined && { password }),
        ...(passwordHash !== undefined && { passwordHash }),
      };
      const result = await createUser(deps, region, installation, draft, OPERATOR);
      return isRefused(result) ? result : { item: result.user };
    },
  },
  change: {
    body: change,
    async run(deps, { region, installation }, user, { company, ...rest }) {
      const draft = { ...rest, ...(company && { company: companyOf(company) }) };
      const result = await changeUser(deps, region, installation, user, draft, OPERATOR);
      return isRefused(result) ? result : { item: result.user };
    },
  },
  remove: async (deps, { region }, _userId, user) => user !== undefined && deleteUser(deps, region, user, OPERATOR),
});

import { z } from "zod";
import type { Deps } from "../../deps.ts";
import {
  changeInstallation,
  createInstallation,
  deleteInstallation,
  findInstallation,
  type Installation,
  type InstallationDraft,
  installationsAfter,
} from "../../domain/installations/manage-installations.ts";
import { isRefused } from "../../domain/refused.ts";
import type { Region } from "../../domain/regions/regions.ts";
import { collection, OPERATOR } from "./collection.ts";
import { address, company, companyView, id, name, text, times } from "./fields.ts";
import { Problem } from "./problems.ts";

const body = z.strictObject({
  name,
  url: address,
  apiEndPoint: address.optional(),
  logo: address.default(""),
  loginStartText: text(2_000).default(""),
  chatEnabled: z.boolean().default(false),
  projectsEnabled: z.boolean().default(false),
  deskEnabled: z.boolean().default(false),
  company: company.optional(),
});

const draftOf = ({ apiEndPoint, company, ...rest }: z.infer<typeof body>): InstallationDraft => ({
  ...rest,
  ...(apiEndPoint !== undefined && { apiEndPoint }),
  ...(company && { company: companyOf(company) }),
});

/** The same company without a logo that is `undefined`. */
export const companyOf = ({ name, logo }: z.infer<typeof company>) => ({ name, ...(logo !== undefined && { logo }) });

/** For an installation that was not found. @throws {Problem} 404, when another region has it by now. */
export function requireNotMoved(deps: Deps, region: Region, installationId: number): void {
  const home = deps.apps.movedTo(installationId);
  if (home !== undefined && home !== region.name)
    throw new Problem(404, `Installation ${installationId} lives in ${home} now.`);
}

const present = (installation: Installation, region: Region) => ({
  id: installation.installationId,
  region: region.name,
  name: installation.name,
  url: installation.url,
  apiEndPoint: installation.apiEndPoint,
  logo: installation.logo,
  loginStartText: installation.loginStartText,
  chatEnabled: installation.chatEnabled,
  projectsEnabled: installation.projectsEnabled,
  deskEnabled: installation.deskEnabled,
  company: installation.company,
  createdAt: installation.createdAt,
  updatedAt: installation.updatedAt,
});

export const installations = collection({
  path: "/regions/{region}/installations",
  member: "installationId",
  noun: "installation",
  key: "id",
  view: z.object({ id, region: z.string(), ...body.shape, apiEndPoint: address, company: companyView, ...times }),
  present,
  keyOf: (installation: Installation) => String(installation.installationId),
  scope: async (deps, { region = "" }) => deps.regions.find(region),
  list: (_deps, region, after, limit) => installationsAfter(region, Number(after), limit),
  async find(deps, region, installationId) {
    const found = await findInstallation(region, Number(installationId));
    if (!found) requireNotMoved(deps, region, Number(installationId));
    return found;
  },
  create: {
    body,
    async run(deps, region, draft) {
      const result = await createInstallation(deps, region, draftOf(draft), OPERATOR);
      return isRefused(result) ? result : { item: result.installation };
    },
  },
  change: {
    body,
    async run(deps, region, installation, draft) {
      const result = await changeInstallation(deps, region, installation, draftOf(draft), OPERATOR);
      return isRefused(result) ? result : { item: result.installation };
    },
  },
  // Also when its own row is gone: an earlier call may have been cut off before it had removed all.
  remove: (deps, region, installationId) => deleteInstallation(deps, region, Number(installationId), OPERATOR),
});

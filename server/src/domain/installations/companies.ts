import type { Deps } from "../../deps.ts";
import type { Company, NamedCompany } from "../../store/region/companies.ts";
import type { Region } from "../regions/regions.ts";

/**
 * The company of that name inside an installation, to be written with the row that names it. Whoever gives the same
 * name shares one id; a name that nobody gave yet gets a new one.
 */
export async function nameCompany(
  deps: Deps,
  region: Region,
  installationId: number,
  company: { name: string; logo?: string },
): Promise<NamedCompany> {
  const known = await region.store.companies.findByName(installationId, company.name);
  return { ...company, id: known?.id ?? (await deps.directory.ids.next("company")) };
}

/** The company as it will be read, for what an audit log says was changed: a logo that is not named stays. */
export const readBack = ({ id, name, logo }: NamedCompany, before: Company): Company => ({
  id,
  name,
  logo: logo ?? (id === before.id ? before.logo : ""),
});

import type { Deps } from "../../deps.ts";
import { changeInstallation, createInstallation, type Installation } from "../installations/manage-installations.ts";
import { isRefused } from "../refused.ts";
import type { Region } from "../regions/regions.ts";
import { type DemoCompany, demoCompanyAt, nextDemoCompany } from "./cast.ts";

export interface DemoPlace {
  region: Region;
  company: DemoCompany;
  installation: Installation;
}

const PAGE = 200;

/** One installation in each region that can be reached, with its company; found if it is there, else made. */
export async function seedPlaces(deps: Deps, actor: string): Promise<DemoPlace[]> {
  const found = new Map<Region, Installation | undefined>();
  for (const region of deps.regions.all)
    try {
      found.set(region, await findInstallation(region));
    } catch (error) {
      deps.log.warn({ region: region.name, err: error }, "the demo leaves this region out until the next start");
    }
  // A company stays where it is, in whatever order the regions are set now.
  const taken = new Set([...found.values()].map((installation) => installation?.url ?? ""));
  const places: DemoPlace[] = [];
  for (const [region, installation] of found) {
    const company = demoCompanyAt(installation?.url ?? "", region.name) ?? nextDemoCompany(taken, region.name);
    taken.add(company.url);
    const made = installation ?? (await create(deps, region, company, actor));
    places.push({ region, company, installation: await pointAtDemoApi(deps, region, made, actor) });
  }
  return places;
}

/** Where the demo API of an installation answers; without an id, where it will. */
const demoApi = (deps: Deps, region: Region, installationId?: number): string =>
  `${deps.config.url}/demo/${region.name}/${installationId === undefined ? "" : `${installationId}/`}`;

/** Known by its demo API; or, should somebody have given it another one, by its company's address. */
async function findInstallation(region: Region): Promise<Installation | undefined> {
  let second: Installation | undefined;
  for (let after = 0; ; ) {
    const page = await region.store.installations.page(after, PAGE);
    const first = page.find((one) => isAtDemoApi(region, one));
    if (first) return first;
    second ??= page.find(({ url }) => demoCompanyAt(url, region.name) !== undefined);
    const last = page.at(-1);
    if (!last || page.length < PAGE) return second;
    after = last.installationId;
  }
}

/** Whatever LATCHKEY_URL was then. */
const isAtDemoApi = (region: Region, { apiEndPoint, installationId }: Installation): boolean =>
  [`/demo/${region.name}/`, `/demo/${region.name}/${installationId}/`].includes(new URL(apiEndPoint).pathname);

async function create(deps: Deps, region: Region, company: DemoCompany, actor: string): Promise<Installation> {
  const draft = {
    name: company.name,
    url: company.url,
    apiEndPoint: demoApi(deps, region),
    logo: "",
    loginStartText: `Welcome to ${company.name}`,
    chatEnabled: false,
    projectsEnabled: true,
    deskEnabled: true,
    company: { name: company.companyName },
  };
  const result = await createInstallation(deps, region, draft, actor);
  if (isRefused(result)) throw new Error(`A demo installation was refused: ${JSON.stringify(result)}`);
  return result.installation;
}

/** Its address holds its id, which is known only once it is there; and LATCHKEY_URL, which may have changed. */
async function pointAtDemoApi(deps: Deps, region: Region, installation: Installation, actor: string) {
  const apiEndPoint = demoApi(deps, region, installation.installationId);
  if (installation.apiEndPoint === apiEndPoint || !isAtDemoApi(region, installation)) return installation;
  const draft = { ...installation, apiEndPoint, company: { name: installation.company.name } };
  const result = await changeInstallation(deps, region, installation, draft, actor);
  if (isRefused(result)) throw new Error(`A demo installation was refused: ${JSON.stringify(result)}`);
  return result.installation;
}

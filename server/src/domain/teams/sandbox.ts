import type { Deps } from "../../deps.ts";
import type { Team } from "../../store/directory/teams.ts";
import { changeApp } from "../apps/manage-apps.ts";
import {
  changeInstallation,
  createInstallation,
  deleteInstallation,
  findInstallation,
  type Installation,
} from "../installations/manage-installations.ts";
import { createUser, usersAfter } from "../installations/manage-users.ts";
import { isRefused, type Refused } from "../refused.ts";
import type { Region } from "../regions/regions.ts";

/** Who did it, in the audit logs. */
const ACTOR = "sandbox";

/** A domain that no mail server has (RFC 2606 §2): nobody but us can have an account there. */
const DOMAIN = "sandbox.test";

/** Somebody to log in as while an app is tried out. */
export interface TestPerson {
  name: string;
  email: string;
  password: string;
  role: "admin" | "member";
}

export interface Sandbox {
  region: string;
  installation: Installation;
  people: readonly TestPerson[];
}

const CAST = [
  { key: "ada", firstName: "Ada", lastName: "Sandberg", role: "admin" },
  { key: "ben", firstName: "Ben", lastName: "Quarzin", role: "member" },
] as const;

/** Known by its address, which only we and the operator give. */
export const isSandbox = ({ url }: Pick<Installation, "url">): boolean => new URL(url).hostname.endsWith(`.${DOMAIN}`);

export const isSandboxEmail = (emailKey: string): boolean => emailKey.endsWith(`@${DOMAIN}`);

/**
 * The team's own installation with two test users, in the team's region; made where it is missing, completed where it was
 * cut off. Any number of calls at once make one: who comes second takes its own away again.
 *
 * @returns `undefined` when an operator deleted it.
 * @throws {DatabaseUnavailable} its region does not answer.
 */
export async function sandboxOf(deps: Deps, team: Team): Promise<Sandbox | undefined> {
  const id = team.sandboxInstallationId ?? (await makeInstallation(deps, team));
  const route = await deps.directory.routes.findInstallation(id); // it may have been moved
  const region = route && deps.regions.require(route.region);
  const found = region && (await findInstallation(region, id));
  if (!found) return undefined;
  const installation = await pointAtApi(deps, region, found);
  const people = CAST.map((person) => testPerson(deps, id, person));
  const there = new Set((await usersAfter(region, installation, 0, 50)).map((user) => user.emailKey));
  for (const [index, { key: _, ...person }] of CAST.entries()) {
    const { email, password } = people[index] ?? { email: "", password: "" };
    if (there.has(email)) continue;
    const draft = { ...person, email, password, avatar: "", disabled: false };
    require(await createUser(deps, region, installation, draft, ACTOR), "conflict");
  }
  return { region: region.name, installation, people };
}

/** Test users' passwords follow from the base key, so that they are stored nowhere and can be shown again. */
const testPerson = (deps: Deps, id: number, { key, firstName, lastName, role }: (typeof CAST)[number]): TestPerson => ({
  name: `${firstName} ${lastName}`,
  email: `${key}.${id}@${DOMAIN}`,
  password: `try-${deps.keys.hmac("sandbox", `${id} ${key}`).slice(0, 20)}`,
  role,
});

async function makeInstallation(deps: Deps, team: Team): Promise<number> {
  const region = deps.regions.require(team.region);
  const draft = {
    name: "Sandbox",
    // A host of its own: under ours it would count as the login's hint to it (wire section 1).
    url: `https://${team.teamId}.${DOMAIN}/`,
    apiEndPoint: `${deps.config.url}/sandbox/${region.name}/`,
    logo: "",
    loginStartText: "",
    chatEnabled: true,
    projectsEnabled: true,
    deskEnabled: true,
    company: { name: "Sandbox" },
  };
  const { installation } = require(await createInstallation(deps, region, draft, ACTOR));
  const { installationId } = installation;
  if (await deps.directory.teams.setSandbox(team.teamId, installationId)) {
    await openAppsTo(deps, team, installationId);
    return installationId;
  }
  await deleteInstallation(deps, region, installationId, ACTOR);
  const other = (await deps.directory.teams.find(team.teamId))?.sandboxInstallationId;
  if (!other) throw new Error("A team without a sandbox refused one.");
  return other;
}

/** Apps that were registered while there was no sandbox yet. One that is being changed right now keeps what it has. */
async function openAppsTo(deps: Deps, team: Team, installationId: number): Promise<void> {
  for (const { clientId } of await deps.directory.teams.apps(team.teamId, "", 500)) {
    const app = await deps.directory.apps.find(clientId);
    if (!app || app.testInstallations.includes(installationId)) continue;
    const { kind: _, ...draft } = app;
    await changeApp(deps, app, { ...draft, testInstallations: [...app.testInstallations, installationId] }, ACTOR);
  }
}

/** Its API's address holds its id, which is known only once it is there; and LATCHKEY_URL, which may have changed. */
async function pointAtApi(deps: Deps, region: Region, installation: Installation): Promise<Installation> {
  const apiEndPoint = `${deps.config.url}/sandbox/${region.name}/${installation.installationId}/`;
  if (installation.apiEndPoint === apiEndPoint) return installation;
  const draft = { ...installation, apiEndPoint, company: { name: installation.company.name } };
  const changed = await changeInstallation(deps, region, installation, draft, ACTOR);
  return isRefused(changed) ? { ...installation, apiEndPoint } : changed.installation; // another call did it just now
}

/** @throws {Error} for a refusal, but for one of the kind `but`: what we ask for is always right. */
function require<T extends object>(result: T | Refused, but?: "conflict"): T {
  if (isRefused(result) && !(but !== undefined && but in result))
    throw new Error(`A sandbox was refused: ${JSON.stringify(result)}`);
  return result as T;
}

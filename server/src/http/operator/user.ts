import { actorName } from "../../domain/audit.ts";
import { findInstallation, type Installation } from "../../domain/installations/manage-installations.ts";
import { changeUser, findUser, type User } from "../../domain/installations/manage-users.ts";
import {
  findUserToken,
  revokeAllUserTokens,
  revokeUserToken,
  userTokensAfter,
} from "../../domain/installations/user-tokens.ts";
import { isRefused } from "../../domain/refused.ts";
import type { Region } from "../../domain/regions/regions.ts";
import * as words from "../../pages/errors/words.ts";
import { operatorUserPage } from "../../pages/operator/region.ts";
import { STALE_ACTION } from "../../pages/portal/app-frame.ts";
import type { HttpContext } from "../context.ts";
import { showError } from "../error-page.ts";
import { seenVersion } from "../portal/app-scene.ts";
import type { PageRoute, Scene } from "../portal/page-route.ts";
import { doneAt, frameOf } from "./frame.ts";
import { idOf, regionOf } from "./region.ts";

const PATH = "/operator/regions/:region/installations/:installation/users/:user";
const TOKENS_SHOWN = 50;

interface Person {
  region: Region;
  installation: Installation;
  user: User;
}

type Handler = (c: HttpContext, scene: Scene, person: Person) => Response | Promise<Response>;

/** One person in one installation. */
const userRoute = (method: "GET" | "POST", path: string, handle: Handler): PageRoute => ({
  method,
  path: PATH + path,
  who: "operator",
  async handle(c, scene) {
    const region = regionOf(c, scene);
    const [installationId, userId] = [idOf(c.req.param("installation")), idOf(c.req.param("user"))];
    if (!region || installationId === undefined || userId === undefined) return showError(c, 404, words.notFound());
    const installation = await findInstallation(region, installationId);
    const user = installation && (await findUser(region, installation, userId));
    return user ? handle(c, scene, { region, installation, user }) : showError(c, 404, words.notFound());
  },
});

export const userPages: readonly PageRoute[] = [
  userRoute("GET", "", async (c, scene, person) => c.html(await page(c, scene, person))),
  userRoute("POST", "/disable", (c, scene, person) => setDisabled(c, scene, person, true)),
  userRoute("POST", "/enable", (c, scene, person) => setDisabled(c, scene, person, false)),
  userRoute("POST", "/tokens/end", async (c, scene, person) => {
    const { region, user } = person;
    const tokenId = scene.form.text("token") ?? "";
    const token = await findUserToken(region, user, tokenId);
    if (token) await revokeUserToken(region, user, token, actorName(scene.visitor));
    return c.redirect(doneAt(hrefOf(person), "ended"), 303);
  }),
  userRoute("POST", "/tokens/end-all", async (c, scene, person) => {
    await revokeAllUserTokens(person.region, person.user, actorName(scene.visitor));
    return c.redirect(doneAt(hrefOf(person), "ended-all"), 303);
  }),
];

async function setDisabled(c: HttpContext, scene: Scene, person: Person, disabled: boolean): Promise<Response> {
  const { region, installation, user } = person;
  if (seenVersion(scene) !== user.version) return c.html(await page(c, scene, person, STALE_ACTION), 409);
  const { firstName, lastName, avatar, role, company } = user;
  const profile = { firstName, lastName, avatar, role, company: { name: company.name }, disabled };
  const changed = await changeUser(scene.deps, region, installation, user, profile, actorName(scene.visitor));
  if (!isRefused(changed)) return c.redirect(doneAt(hrefOf(person), disabled ? "disabled" : "enabled"), 303);
  return c.html(await page(c, scene, person, STALE_ACTION), 409);
}

const hrefOf = ({ region, user }: Pick<Person, "region" | "user">): string =>
  `/operator/regions/${region.name}/installations/${user.installationId}/users/${user.userId}`;

async function page(c: HttpContext, scene: Scene, person: Person, problem?: string): Promise<string> {
  const { region, installation, user } = person;
  const tokens = await userTokensAfter(region, user, "", TOKENS_SHOWN + 1);
  return operatorUserPage({
    ...frameOf(c, scene, { region: region.name }),
    region: region.name,
    user: {
      ...user,
      name: `${user.firstName} ${user.lastName}`.trim(),
      label: `${region.name}-${user.installationId}/${user.userId}`,
      company: user.company.name,
    },
    installation: {
      name: installation.name,
      href: `/operator/regions/${region.name}/installations/${installation.installationId}`,
    },
    tokens: tokens.slice(0, TOKENS_SHOWN).map(({ tokenId, clientId, ...token }) => ({
      ...token,
      id: tokenId,
      appName: scene.deps.apps.find(clientId)?.name ?? clientId,
    })),
    more: tokens.length > TOKENS_SHOWN,
    formTo: (path, more = {}) => ({
      action: hrefOf(person) + path,
      hidden: { ...scene.hidden, version: String(user.version), ...more },
    }),
    problem,
  });
}

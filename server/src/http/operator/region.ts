import { actorName } from "../../domain/audit.ts";
import { findInstallation } from "../../domain/installations/manage-installations.ts";
import { usersAfter } from "../../domain/installations/manage-users.ts";
import { type Found, readWanted, recordSearch, searchRegion } from "../../domain/operator/search.ts";
import type { Region } from "../../domain/regions/regions.ts";
import { isUnavailable } from "../../domain/unavailable.ts";
import * as words from "../../pages/errors/words.ts";
import { operatorInstallationPage, operatorRegionPage, type RegionProps } from "../../pages/operator/region.ts";
import type { HttpContext } from "../context.ts";
import { showError } from "../error-page.ts";
import type { PageRoute, Scene } from "../portal/page-route.ts";
import { readQuery } from "../query.ts";
import { frameOf } from "./frame.ts";

const PATH = "/operator/regions/:region";
const SHOWN = 50;

/**
 * What was typed rides sealed in the address (`?find=…`): e-mails and names of people stand in no log of a proxy, and
 * the page can be loaded again. It opens for the same operator and region only.
 */
export const regionPages: readonly PageRoute[] = [
  {
    method: "GET",
    path: PATH,
    who: "operator",
    async handle(c, scene) {
      const region = regionOf(c, scene);
      if (!region) return showError(c, 404, words.notFound());
      const sealed = readQuery(c).get("find");
      const text = sealed === undefined ? undefined : scene.deps.keys.open("portal", sealed, bound(scene, region));
      const wanted = typeof text === "string" ? readWanted(region, text) : undefined;
      if (typeof text !== "string" || !wanted || "problem" in wanted) return c.html(page(c, scene, region, {}));
      const found = await searchRegion(scene.deps, region, wanted).catch((error: unknown) => {
        if (isUnavailable(error) && error.database === region.name) return "unavailable" as const;
        throw error;
      });
      return c.html(page(c, scene, region, { text, found: found === "unavailable" ? found : shown(region, found) }));
    },
  },
  {
    method: "POST",
    path: PATH,
    who: "operator",
    async handle(c, scene) {
      const region = regionOf(c, scene);
      if (!region) return showError(c, 404, words.notFound());
      const text = (scene.form.text("text") ?? "").trim();
      const wanted = readWanted(region, text);
      if ("problem" in wanted) return c.html(page(c, scene, region, { text, problem: wanted.problem }), 422);
      try {
        await recordSearch(region, wanted, actorName(scene.visitor));
      } catch (error) {
        if (!isUnavailable(error)) throw error;
        return c.html(page(c, scene, region, { text, found: "unavailable" }), 503);
      }
      const find = scene.deps.keys.seal("portal", text, bound(scene, region));
      return c.redirect(`/operator/regions/${region.name}?find=${find}`, 303);
    },
  },
  {
    method: "GET",
    path: `${PATH}/installations/:installation`,
    who: "operator",
    async handle(c, scene) {
      const region = regionOf(c, scene);
      const id = idOf(c.req.param("installation"));
      const installation = region && id !== undefined ? await findInstallation(region, id) : undefined;
      if (!region || !installation) return showError(c, 404, words.notFound());
      const after = idOf(readQuery(c).get("after")) ?? 0;
      const { lookups } = region.store;
      const [count, apps, users] = await Promise.all([
        lookups.countUsers(installation.installationId),
        lookups.appsOf(installation.installationId, region.now()),
        usersAfter(region, installation, after, SHOWN + 1),
      ]);
      const href = `/operator/regions/${region.name}/installations/${installation.installationId}`;
      const last = users[SHOWN - 1];
      return c.html(
        operatorInstallationPage({
          ...frameOf(c, scene, { region: region.name }),
          region: region.name,
          installation: {
            ...installation,
            label: `${region.name}-${installation.installationId}`,
            company: installation.company.name,
            users: count,
          },
          apps: apps.map(({ clientId, tokens }) => {
            const app = scene.deps.apps.find(clientId);
            return { name: app?.name ?? clientId, href: app && `/operator/apps/${clientId}`, tokens };
          }),
          users: users.slice(0, SHOWN).map((user) => rowOf(region, { ...user, installationName: installation.name })),
          nextHref: users.length > SHOWN && last ? `${href}?after=${last.userId}` : undefined,
        }),
      );
    },
  },
];

export const regionOf = (c: HttpContext, { deps }: Scene): Region | undefined =>
  deps.regions.find(c.req.param("region") ?? "");

/** A number as our own links write it, or `undefined`. */
export function idOf(text: string | undefined): number | undefined {
  const id = /^[1-9]\d{0,9}$/.test(text ?? "") ? Number(text) : 0;
  return id >= 1 && id <= 2 ** 31 - 1 ? id : undefined;
}

const bound = ({ visitor }: Scene, region: Region) => `operator search ${visitor.accountId} ${region.name}`;

const page = (
  c: HttpContext,
  scene: Scene,
  region: Region,
  { text = "", problem, found }: { text?: string; problem?: string; found?: RegionProps["found"] },
): string =>
  operatorRegionPage({
    ...frameOf(c, scene, { region: region.name }),
    region: region.name,
    form: { action: `/operator/regions/${region.name}`, hidden: scene.hidden },
    text,
    problem,
    found,
  });

const shown = (region: Region, { installations, users, cut }: Found) => ({
  installations: installations.map(({ installationId, name, url }) => ({
    href: `/operator/regions/${region.name}/installations/${installationId}`,
    label: `${region.name}-${installationId}`,
    name,
    url,
  })),
  users: users.map((user) => rowOf(region, user)),
  cut,
});

const rowOf = (
  { name: region }: Region,
  user: Pick<Found["users"][number], "installationId" | "userId" | "firstName" | "lastName" | "email" | "disabled"> & {
    installationName: string;
  },
) => ({
  href: `/operator/regions/${region}/installations/${user.installationId}/users/${user.userId}`,
  name: `${user.firstName} ${user.lastName}`.trim(),
  email: user.email,
  place: `${user.installationName} (${region}-${user.installationId})`,
  disabled: user.disabled,
});

import {
  type FoundOwnUser,
  findOwnAccount,
  findOwnUser,
  type OwnUser,
  renameOwnUser,
} from "../../domain/accounts/own-users.ts";
import { readPlace } from "../../domain/login/memberships.ts";
import { isRefused } from "../../domain/refused.ts";
import { type EditNameProps, editNamePage, profilePage } from "../../pages/account/profile.ts";
import * as words from "../../pages/errors/words.ts";
import type { HttpContext } from "../context.ts";
import { showError } from "../error-page.ts";
import type { PageRoute, Scene } from "../portal/page-route.ts";
import { doneAt, noticeOf } from "./done.ts";

/** Who one is, where it is kept, and what one is called in each installation. */
export const profilePages: readonly PageRoute[] = [
  {
    method: "GET",
    path: "/account",
    who: "signed-in",
    async handle(c, { deps, visitor }) {
      const { account, users } = await findOwnAccount(deps, visitor);
      return c.html(
        profilePage({
          visitor,
          notice: noticeOf(c),
          email: account?.email ?? visitor.email,
          home: visitor.region,
          since: account?.createdAt,
          users: users.found.map(rowOf),
          unavailableRegions: users.unavailableRegions,
        }),
      );
    },
  },
  {
    method: "GET",
    path: "/account/users/:place",
    who: "signed-in",
    async handle(c, scene) {
      const own = await ownUser(c, scene);
      return own ? c.html(editName(c, scene, own, own.user)) : showError(c, 404, words.notFound());
    },
  },
  {
    method: "POST",
    path: "/account/users/:place",
    who: "signed-in",
    async handle(c, scene) {
      const own = await ownUser(c, scene);
      if (!own) return showError(c, 404, words.notFound());
      const { form } = scene;
      const version = Number(form.text("version"));
      const typed = { firstName: form.text("firstName") ?? "", lastName: form.text("lastName") ?? "" };
      const renamed = await renameOwnUser(scene.visitor, own, {
        ...typed,
        version: Number.isSafeInteger(version) ? version : 0,
      });
      if (!isRefused(renamed)) return c.redirect(doneAt("/account", "name"), 303);
      if ("problems" in renamed) return c.html(editName(c, scene, own, typed, { problems: renamed.problems }), 422);
      const now = await ownUser(c, scene);
      if (!now) return showError(c, 404, words.notFound());
      return c.html(editName(c, scene, now, typed, { meanwhile: nameOf(now.user) }), 409);
    },
  },
];

/** The person's own user that the path names; one that is switched off changes nothing. */
async function ownUser(c: HttpContext, { deps, visitor }: Scene): Promise<FoundOwnUser | undefined> {
  const place = readPlace(c.req.param("place"));
  const own = place && (await findOwnUser(deps, visitor, place));
  return own && !own.user.disabled ? own : undefined;
}

const editName = (
  c: HttpContext,
  { visitor, hidden }: Scene,
  { region, user }: FoundOwnUser,
  { firstName, lastName }: { firstName: string; lastName: string },
  refused: Pick<EditNameProps, "problems" | "meanwhile"> = {},
) =>
  editNamePage({
    visitor,
    form: { action: c.req.path, hidden: { ...hidden, version: String(user.version) } },
    installationName: user.installationName,
    region: region.name,
    firstName,
    lastName,
    ...refused,
  });

const rowOf = (user: OwnUser) => ({
  installationName: user.installationName,
  installationLogo: user.installationLogo,
  region: user.region,
  host: new URL(user.installationUrl).host,
  name: nameOf(user),
  role: user.role === "admin" ? "Admin" : "Member",
  editHref: user.disabled ? undefined : `/account/users/${user.region}-${user.installationId}`,
});

const nameOf = ({ firstName, lastName }: { firstName: string; lastName: string }) => `${firstName} ${lastName}`.trim();

import { isRefused } from "../../domain/refused.ts";
import { may } from "../../domain/teams/policy.ts";
import { changePublisher, type Publisher } from "../../domain/teams/publisher.ts";
import { profileOf } from "../../domain/teams/teams.ts";
import * as words from "../../pages/errors/words.ts";
import { publisherPage } from "../../pages/portal/publisher.ts";
import type { HttpContext } from "../context.ts";
import { showError } from "../error-page.ts";
import { noticeOf } from "./notices.ts";
import type { PageRoute, TeamScene } from "./page-route.ts";
import { shownTeam } from "./shown-team.ts";

const PATH = "/portal/teams/:team/publisher";

/** Who stands behind the team's apps. Set once by whoever makes apps, from then on changed by admins. */
export const publisherPages: readonly PageRoute[] = [
  {
    method: "GET",
    path: PATH,
    who: "team",
    action: "team.read",
    handle: (c, scene) => c.html(publisher(c, scene)),
  },
  {
    method: "POST",
    path: PATH,
    who: "team",
    action: "publisher.setFirst",
    async handle(c, scene) {
      const { deps, visitor, team, form } = scene;
      const { profile } = team;
      if (!profile) return c.html(publisher(c, scene), 503);
      if (profile.publisherName !== "" && !may(team.role, "publisher.change"))
        return showError(c, 403, words.notForYourRole());
      const text = (name: string) => (form.text(name) ?? "").trim();
      const typed: Publisher = {
        publisherName: text("publisherName"),
        publisherUrl: text("publisherUrl"),
        privacyUrl: text("privacyUrl"),
        termsUrl: text("termsUrl"),
        publisherEmail: text("publisherEmail"),
      };
      const version = Number(form.text("version"));
      if (!Number.isSafeInteger(version)) return showError(c, 400, words.notFound());
      const result = await changePublisher(deps, visitor, { ...team, profile }, typed, version);
      if (!isRefused(result)) return c.redirect(`/portal/teams/${team.teamId}/publisher?done=saved`, 303);
      if ("problems" in result) return c.html(publisher(c, scene, { typed, version, problems: result.problems }), 422);
      const now = await profileOf(deps, team);
      const other = { ...scene, team: { ...team, profile: now } };
      const form409 = { typed, version: now?.version ?? version, stored: now };
      return c.html(publisher(c, other, form409), 409);
    },
  },
];

interface Tried {
  typed: Publisher;
  version: number;
  problems?: Readonly<Record<string, string>>;
  /** What somebody else saved meanwhile. */
  stored?: Publisher | undefined;
}

function publisher(c: HttpContext, { visitor, team, hidden }: TeamScene, tried?: Tried): string {
  const { profile } = team;
  const action = profile?.publisherName === "" ? "publisher.setFirst" : "publisher.change";
  const version = String(tried?.version ?? profile?.version ?? 0);
  return publisherPage({
    visitor,
    notice: noticeOf(c),
    team: shownTeam(team),
    publisher: tried?.typed ?? profile,
    stored: tried?.stored,
    problems: tried?.problems,
    form:
      profile && may(team.role, action)
        ? { action: `/portal/teams/${team.teamId}/publisher`, hidden: { ...hidden, version } }
        : undefined,
  });
}

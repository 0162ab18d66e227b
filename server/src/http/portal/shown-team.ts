import type { OwnTeam } from "../../domain/teams/teams.ts";
import type { ShownTeam } from "../../pages/portal/layout.ts";

/** A team as its pages name it, also while they cannot learn what it is called. */
export const shownTeam = ({ teamId, region, profile }: OwnTeam): ShownTeam =>
  profile ? { teamId, name: profile.name } : { teamId, name: "Your team", lostRegion: region };

import type { OperatorFrame } from "../../pages/operator/frame.ts";
import type { HttpContext } from "../context.ts";
import { noticesFrom } from "../notices.ts";
import type { Scene } from "../portal/page-route.ts";

type Tab = "overview" | "apps" | "audit" | { region: string };

/** What stands around each of the operator's pages. */
export function frameOf(c: HttpContext, { deps, visitor }: Scene, tab: Tab): OperatorFrame {
  const here = (name: Tab) => JSON.stringify(name) === JSON.stringify(tab);
  return {
    visitor,
    notice: noticeOf(c),
    tabs: [
      { label: "Overview", href: "/operator", current: here("overview") },
      { label: "Apps", href: "/operator/apps", current: here("apps") },
      ...deps.regions.all.map(({ name }) => ({
        label: `Region ${name}`,
        href: `/operator/regions/${name}`,
        current: here({ region: name }),
      })),
      { label: "Audit log", href: "/operator/audit", current: here("audit") },
    ],
  };
}

const { doneAt, noticeOf } = noticesFrom({
  approve: "The app is live.",
  request_changes: "The team is asked for changes.",
  suspend: "The app is suspended.",
  resume: "The suspension is lifted.",
  grant_scopes: "The scopes are granted. Everybody is asked for consent again.",
  decline_scopes: "The scopes are declined.",
  disabled: "Nobody can log in as this person here any more.",
  enabled: "This person can log in again.",
  ended: "The token is ended.",
  "ended-all": "All tokens are ended.",
});

export { doneAt };

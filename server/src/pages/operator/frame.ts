import type { Content } from "../html.ts";
import { type NavItem, portalPage, type Shell, sectionsOf } from "../portal/layout.ts";

/** What every page of the operator needs. */
export interface OperatorFrame {
  visitor: Shell["visitor"];
  tabs: readonly NavItem[];
  notice?: string | undefined;
}

/** A page of those who run the server. */
export const operatorPage = (
  { visitor, tabs, notice }: OperatorFrame,
  page: { title: string; trail?: Shell["trail"]; problem?: boolean },
  body: Content,
): string =>
  portalPage(
    {
      ...page,
      title: `${page.title} (operator)`,
      visitor,
      tabs,
      notice,
      sections: sectionsOf("operator", undefined),
    },
    body,
  );

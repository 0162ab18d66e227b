import type { Row, Statement } from "../database.ts";

export interface Company {
  id: number;
  name: string;
  logo: string;
}

/** Whom a token stands for: a user and its installation, as an app may see them. */
export interface Grantee {
  installation: {
    id: number;
    name: string;
    url: string;
    apiEndPoint: string;
    logo: string;
    loginStartText: string;
    projectsEnabled: boolean;
    deskEnabled: boolean;
    chatEnabled: boolean;
    company: Company;
  };
  user: { id: number; firstName: string; lastName: string; email: string; avatar: string; company: Company };
}

const FIND = `SELECT i.installation_id AS "installationId", i.name, i.url, i.api_end_point AS "apiEndPoint", i.logo,
  i.login_start_text AS "loginStartText", i.projects_enabled AS "projectsEnabled", i.desk_enabled AS "deskEnabled",
  i.chat_enabled AS "chatEnabled", ic.company_id AS "ownerId", ic.name AS "ownerName", ic.logo AS "ownerLogo",
  u.user_id AS "userId", u.first_name AS "firstName", u.last_name AS "lastName", u.email, u.avatar,
  uc.company_id AS "companyId", uc.name AS "companyName", uc.logo AS "companyLogo"
  FROM installation_user u
  JOIN installation i ON i.installation_id = u.installation_id
  JOIN company ic ON ic.installation_id = i.installation_id AND ic.company_id = i.company_id
  JOIN company uc ON uc.installation_id = u.installation_id AND uc.company_id = u.company_id
  WHERE u.installation_id = $1 AND u.user_id = $2 AND u.disabled = 0`;

/** For the batch that makes a token: its answer needs no second trip. */
export const findingGrantee = (installationId: number, userId: number): Statement => [FIND, [installationId, userId]];

export function granteeOf(row: Row): Grantee {
  return {
    installation: {
      id: Number(row.installationId),
      name: String(row.name),
      url: String(row.url),
      apiEndPoint: String(row.apiEndPoint),
      logo: String(row.logo),
      loginStartText: String(row.loginStartText),
      projectsEnabled: row.projectsEnabled === 1,
      deskEnabled: row.deskEnabled === 1,
      chatEnabled: row.chatEnabled === 1,
      company: { id: Number(row.ownerId), name: String(row.ownerName), logo: String(row.ownerLogo) },
    },
    user: {
      id: Number(row.userId),
      firstName: String(row.firstName),
      lastName: String(row.lastName),
      email: String(row.email),
      avatar: String(row.avatar),
      company: { id: Number(row.companyId), name: String(row.companyName), logo: String(row.companyLogo) },
    },
  };
}

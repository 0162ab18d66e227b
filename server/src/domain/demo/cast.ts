/** Who lives in the demo world. No name or address here can belong to anybody (RFC 2606 §3). */
export interface DemoCompany {
  /** The installation's name. */
  name: string;
  companyName: string;
  url: string;
  people: readonly DemoPerson[];
}

export interface DemoPerson {
  email: string;
  firstName: string;
  lastName: string;
  role: "member" | "admin";
}

/** The same for everybody, and known to everybody: it opens nothing but the demo. */
export const DEMO_PASSWORD = "violet-kettle-42";

/** Has a user in each region, and so sees the chooser. */
export const TRAVELLER: DemoPerson = {
  email: "sam@both.example.com",
  firstName: "Sam",
  lastName: "Rivers",
  role: "member",
};

/** May use the operator's pages of the demo. */
export const DEMO_OPERATOR = "alex@acme.example.com";

const company = (name: string, companyName: string, people: readonly (readonly string[])[]): DemoCompany => {
  const host = `${name.toLowerCase()}.example.com`;
  return {
    name,
    companyName,
    url: `https://${host}/`,
    people: people.map(([firstName = "", lastName = ""], index) => ({
      email: `${firstName.toLowerCase()}@${host}`,
      firstName,
      lastName,
      role: index === 0 ? "member" : "admin",
    })),
  };
};

const COMPANIES: readonly DemoCompany[] = [
  company("Acme", "Acme Inc", [
    ["Dana", "Lee"],
    ["Alex", "Moreau"],
  ]),
  company("Globex", "Globex GmbH", [["Noor", "Haddad"]]),
  company("Birchwood", "Birchwood Ltd", [["Mika", "Virtanen"]]),
  company("Cobalt", "Cobalt Pty", [["Ruby", "Walsh"]]),
  company("Driftwood", "Driftwood KK", [["Yuki", "Tanaka"]]),
];

/** The company that has this address, or `undefined`. */
export const demoCompanyAt = (url: string, region: string): DemoCompany | undefined =>
  [...COMPANIES, spareCompany(region)].find((known) => known.url === url);

/** The first company that no other region has. */
export const nextDemoCompany = (taken: ReadonlySet<string>, region: string): DemoCompany =>
  COMPANIES.find(({ url }) => !taken.has(url)) ?? spareCompany(region);

/** For more regions than there are companies. */
const spareCompany = (region: string) => company(`Demo-${region}`, `Demo ${region}`, [["Robin", "Sol"]]);

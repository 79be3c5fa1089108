/** What the bridge lets through: cmdlet → parameter → null (any value) or the only values it may have. From the catalog alone. */
import { cmdlets, type CatalogEntry } from './catalog.js';

export type AllowList = Readonly<Record<string, Readonly<Record<string, readonly (string | boolean)[] | null>>>>;

export function allowList(catalog: Catalog = cmdlets): AllowList {
  const list: Record<string, Record<string, (string | boolean)[] | null>> = {};
  for (const [key, entry] of Object.entries(catalog)) {
    const parameters = (list[entry.cmdlet ?? key] ??= {});
    const free = Object.keys(entry.params).filter((name) => !(name in (entry.fixed ?? {})));
    for (const name of [...free, ...(entry.takes ? [entry.takes] : [])]) parameters[name] = null;
    for (const [name, value] of Object.entries(entry.fixed ?? {})) {
      const known = parameters[name];
      if (known === null) continue;
      parameters[name] = [...new Set([...(known ?? []), ...(typeof value === 'object' ? value : [value])])];
    }
  }
  return list;
}

type Catalog = Readonly<Record<string, CatalogEntry>>;
const chosen = (isChosen: (entry: CatalogEntry) => boolean): Catalog =>
  Object.fromEntries(Object.entries<CatalogEntry>(cmdlets).filter(([, entry]) => isChosen(entry)));

/** What may be used on this PC itself. */
export const outside: Catalog = chosen(({ inside }) => !inside);
/** The same for an elevated shell. */
export const outsideElevated: Catalog = chosen(({ inside, elevated }) => !inside || elevated === true);

/** The modules behind what is used outside guests too, by name: those a session loads before its first call. */
export const modulesOf = (catalog: Catalog = outside): readonly string[] => [
  ...new Set(Object.values(catalog).flatMap(({ module, core }) => (core ? [] : [module]))),
];

/** Which module each cmdlet is in, by name: inside guests, and for what is a part of PowerShell, it is loaded at the first use. */
export const homes: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries<CatalogEntry>(cmdlets).map(([key, { cmdlet = key, module }]) => [cmdlet, module]),
);
